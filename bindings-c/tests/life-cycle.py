#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The life of a cell from Python: life-cycle.py LIBRARY HEADER URI SYSTEM.cell CELL.cell

Reads the flat header as it is; nothing is compiled.
"""
import sys

import cffi

library, header, uri, system_path, cell_path = sys.argv[1:]
ffi = cffi.FFI()
with open(header, encoding="ascii") as file:
    ffi.cdef(file.read())
lib = ffi.dlopen(library)

error = ffi.new("struct jailhouse_error *")
error.size = ffi.sizeof("struct jailhouse_error")


class Refused(Exception):
    """A result below 0."""


def check(result):
    """Turns a negative result into an exception with the library's sentence."""
    if result < 0:
        name = ffi.string(lib.jailhouse_code_get_name(result)).decode()
        raise Refused(f"{name}: {ffi.string(error.text).decode()}")
    return result


def read(path):
    """The contents of a file."""
    with open(path, "rb") as file:
        return file.read()


def state(jh, number):
    """The state of a cell, as text."""
    ret = ffi.new("struct jailhouse_cell **")
    check(lib.jailhouse_cell_get_by_id(jh, number, ret, error))
    name = lib.jailhouse_state_get_name(lib.jailhouse_cell_get_state(ret[0]))
    lib.jailhouse_cell_free(ret[0])
    return ffi.string(name).decode()


assert lib.jailhouse_get_version() == lib.JAILHOUSE_VERSION_NUMBER
assert lib.jailhouse_get_api_version() >= lib.JAILHOUSE_API_VERSION

ret_jh = ffi.new("struct jailhouse **")
try:
    check(lib.jailhouse_open(b"nonsense", ret_jh, error))
    raise AssertionError("opened nonsense")
except Refused as refused:
    assert str(refused).startswith(("URI:", "NO_BACKEND:")), refused

# A configuration, without a connection.
system, cell = read(system_path), read(cell_path)
config = ffi.new("struct jailhouse_config *")
check(lib.jailhouse_config_parse(cell, len(cell), config, error))
assert config.kind == lib.JAILHOUSE_CONFIG_CELL
head = ffi.new("struct jailhouse_config_cell *")
check(lib.jailhouse_config_get_cell(config, head))
cell_name = ffi.string(head.name)
assert cell_name

messages = []


@ffi.callback("jailhouse_log_func")
def log(_user, level, message):
    """Takes a message of the library."""
    messages.append((level, ffi.string(message)))


check(lib.jailhouse_open(uri.encode(), ret_jh, error))
jh = ret_jh[0]
lib.jailhouse_set_log_callback(jh, lib.JAILHOUSE_LOG_DEBUG, log, ffi.NULL)
check(lib.jailhouse_enable(jh, system, len(system), 0, error))
ret_id = ffi.new("unsigned int *")
check(lib.jailhouse_cell_create(jh, cell, len(cell), ret_id, error))
program = ffi.from_buffer(b"\xeb\xfe")
images = ffi.new("struct jailhouse_image[1]")
images[0].address, images[0].data, images[0].size = head.cpu_reset_address & ~0xFFF, program, 2
check(lib.jailhouse_cell_load(jh, ret_id[0], images, 1, error))
assert state(jh, ret_id[0]) == "shut down"
check(lib.jailhouse_cell_start(jh, ret_id[0], error))
assert state(jh, ret_id[0]) == "running"

ret_cells = ffi.new("struct jailhouse_cells **")
check(lib.jailhouse_cells_get(jh, ret_cells, error))
names = []
for n in range(lib.jailhouse_cells_get_count(ret_cells[0])):
    one = lib.jailhouse_cells_get_cell(ret_cells[0], n)
    names.append(ffi.string(lib.jailhouse_cell_get_name(one)))
lib.jailhouse_cells_free(ret_cells[0])
assert len(names) == 2 and names[1] == cell_name, names

ret_stats = ffi.new("struct jailhouse_stats **")
check(lib.jailhouse_stats_get(jh, ret_id[0], ret_stats, error))
assert ffi.string(lib.jailhouse_stats_get_name(ret_stats[0], 0)) == b"vmexits_total"
assert lib.jailhouse_stats_get_num_cpus(ret_stats[0]) >= 1
lib.jailhouse_stats_free(ret_stats[0])

check(lib.jailhouse_cell_shutdown(jh, ret_id[0], error))
check(lib.jailhouse_cell_destroy(jh, ret_id[0], error))
check(lib.jailhouse_disable(jh, error))
assert lib.jailhouse_is_enabled(jh, error) == 0
lib.jailhouse_close(jh)
assert messages
print("Python: a cell lived")
