-- SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
-- The life of a cell from LuaJIT: life-cycle.lua LIBRARY HEADER URI SYSTEM.cell CELL.cell
-- Reads the flat header as it is.
local ffi = require("ffi")

local function read(path)
	local file = assert(io.open(path, "rb"))
	local data = file:read("*a")
	file:close()
	return data
end

local library, header, uri, system_path, cell_path = unpack(arg)
ffi.cdef(read(header))
local lib = ffi.load(library)
local err = ffi.new("struct jailhouse_error")
err.size = ffi.sizeof(err)

local function check(result)
	if result < 0 then
		error(ffi.string(lib.jailhouse_code_get_name(result)) .. ": " .. ffi.string(err.text), 2)
	end
	return result
end

local function state(jh, id)
	local ret = ffi.new("struct jailhouse_cell *[1]")
	check(lib.jailhouse_cell_get_by_id(jh, id, ret, err))
	local number = lib.jailhouse_cell_get_state(ret[0])
	lib.jailhouse_cell_free(ret[0])
	return number
end

assert(lib.jailhouse_get_version() == lib.JAILHOUSE_VERSION_NUMBER)
local ret_jh = ffi.new("struct jailhouse *[1]")
local bad = lib.jailhouse_open("nonsense", ret_jh, err)
assert(bad == lib.JAILHOUSE_ERR_URI or bad == lib.JAILHOUSE_ERR_NO_BACKEND)
assert(err.code == bad and #ffi.string(err.text) > 0)

local system, cell = read(system_path), read(cell_path)
local config = ffi.new("struct jailhouse_config")
local head = ffi.new("struct jailhouse_config_cell")
check(lib.jailhouse_config_parse(cell, #cell, config, err))
assert(config.kind == lib.JAILHOUSE_CONFIG_CELL)
check(lib.jailhouse_config_get_cell(config, head))

check(lib.jailhouse_open(uri, ret_jh, err))
local jh = ffi.gc(ret_jh[0], lib.jailhouse_close)
check(lib.jailhouse_enable(jh, system, #system, 0, err))
local ret_id = ffi.new("unsigned int[1]")
check(lib.jailhouse_cell_create(jh, cell, #cell, ret_id, err))
local id = ret_id[0]
local program = "\235\254"
local page = head.cpu_reset_address - head.cpu_reset_address % 4096
local image = ffi.new("struct jailhouse_image", {page, ffi.cast("const char *", program), #program})
check(lib.jailhouse_cell_load(jh, id, image, 1, err))
assert(state(jh, id) == lib.JAILHOUSE_CELL_SHUT_DOWN)
check(lib.jailhouse_cell_start(jh, id, err))
assert(state(jh, id) == lib.JAILHOUSE_CELL_RUNNING)

local ret_cells = ffi.new("struct jailhouse_cells *[1]")
check(lib.jailhouse_cells_get(jh, ret_cells, err))
assert(lib.jailhouse_cells_get_count(ret_cells[0]) == 2)
local name = lib.jailhouse_cell_get_name(lib.jailhouse_cells_get_cell(ret_cells[0], 1))
assert(ffi.string(name) == ffi.string(head.name))
lib.jailhouse_cells_free(ret_cells[0])

local ret_stats = ffi.new("struct jailhouse_stats *[1]")
check(lib.jailhouse_stats_get(jh, id, ret_stats, err))
assert(ffi.string(lib.jailhouse_stats_get_name(ret_stats[0], 0)) == "vmexits_total")
lib.jailhouse_stats_free(ret_stats[0])

check(lib.jailhouse_cell_shutdown(jh, id, err))
check(lib.jailhouse_cell_destroy(jh, id, err))
check(lib.jailhouse_disable(jh, err))
assert(lib.jailhouse_is_enabled(jh, err) == 0)
print("LuaJIT: a cell lived")
