// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//! The life of a cell from Rust: life-cycle URI SYSTEM.cell CELL.cell
//! What stands in bindings.rs bindgen has made of the flat header as it is.
#![allow(non_camel_case_types, non_upper_case_globals, dead_code, deref_nullptr)]

mod ffi {
    include!(concat!(env!("BINDINGS"), "/bindings.rs"));
}

use std::ffi::{CStr, CString};
use std::{env, fs, mem, ptr};

type Result<T> = std::result::Result<T, String>;

/// A connection, closed when it is dropped.
struct Jailhouse {
    raw: *mut ffi::jailhouse,
    error: ffi::jailhouse_error,
}

impl Drop for Jailhouse {
    fn drop(&mut self) {
        unsafe { ffi::jailhouse_close(self.raw) }
    }
}

fn new_error() -> ffi::jailhouse_error {
    let mut error: ffi::jailhouse_error = unsafe { mem::zeroed() };
    error.size = mem::size_of_val(&error) as u32;
    error
}

fn check(result: i32, error: &ffi::jailhouse_error) -> Result<i32> {
    if result >= 0 {
        return Ok(result);
    }
    Err(unsafe { CStr::from_ptr(error.text.as_ptr()) }.to_string_lossy().into_owned())
}

impl Jailhouse {
    fn open(uri: &str) -> Result<Self> {
        let uri = CString::new(uri).unwrap();
        let mut jh = Jailhouse { raw: ptr::null_mut(), error: new_error() };
        let result = unsafe { ffi::jailhouse_open(uri.as_ptr(), &mut jh.raw, &mut jh.error) };
        check(result, &jh.error)?;
        Ok(jh)
    }

    fn call(&mut self, request: impl FnOnce(*mut ffi::jailhouse, *mut ffi::jailhouse_error) -> i32) -> Result<i32> {
        let result = request(self.raw, &mut self.error);
        check(result, &self.error)
    }

    fn state(&mut self, id: u32) -> Result<i32> {
        let mut cell = ptr::null_mut();
        self.call(|jh, error| unsafe { ffi::jailhouse_cell_get_by_id(jh, id, &mut cell, error) })?;
        let state = unsafe { ffi::jailhouse_cell_get_state(cell) };
        unsafe { ffi::jailhouse_cell_free(cell) };
        Ok(state)
    }
}

fn main() -> Result<()> {
    let args: Vec<String> = env::args().collect();
    let system = fs::read(&args[2]).unwrap();
    let cell = fs::read(&args[3]).unwrap();

    assert_eq!(unsafe { ffi::jailhouse_get_version() }, ffi::JAILHOUSE_VERSION_NUMBER);
    assert!(!Jailhouse::open("nonsense").err().unwrap().is_empty());

    let mut config: ffi::jailhouse_config = unsafe { mem::zeroed() };
    let mut head: ffi::jailhouse_config_cell = unsafe { mem::zeroed() };
    let mut error = new_error();
    check(
        unsafe { ffi::jailhouse_config_parse(cell.as_ptr().cast(), cell.len() as _, &mut config, &mut error) },
        &error,
    )?;
    assert_eq!(config.kind, ffi::JAILHOUSE_CONFIG_CELL);
    assert_eq!(unsafe { ffi::jailhouse_config_get_cell(&config, &mut head) }, 0);

    let mut jh = Jailhouse::open(&args[1])?;
    let mut id = 0;
    jh.call(|jh, e| unsafe { ffi::jailhouse_enable(jh, system.as_ptr().cast(), system.len() as _, 0, e) })?;
    jh.call(|jh, e| unsafe {
        ffi::jailhouse_cell_create(jh, cell.as_ptr().cast(), cell.len() as _, &mut id, e)
    })?;
    let program = [0xebu8, 0xfe];
    let image = ffi::jailhouse_image {
        address: head.cpu_reset_address & !0xfff,
        data: program.as_ptr().cast(),
        size: program.len() as _,
    };
    jh.call(|jh, e| unsafe { ffi::jailhouse_cell_load(jh, id, &image, 1, e) })?;
    assert_eq!(jh.state(id)?, ffi::JAILHOUSE_CELL_SHUT_DOWN as i32);
    jh.call(|jh, e| unsafe { ffi::jailhouse_cell_start(jh, id, e) })?;
    assert_eq!(jh.state(id)?, ffi::JAILHOUSE_CELL_RUNNING as i32);

    let mut cells = ptr::null_mut();
    jh.call(|jh, e| unsafe { ffi::jailhouse_cells_get(jh, &mut cells, e) })?;
    assert_eq!(unsafe { ffi::jailhouse_cells_get_count(cells) }, 2);
    unsafe { ffi::jailhouse_cells_free(cells) };

    let mut stats = ptr::null_mut();
    jh.call(|jh, e| unsafe { ffi::jailhouse_stats_get(jh, id, &mut stats, e) })?;
    let name = unsafe { CStr::from_ptr(ffi::jailhouse_stats_get_name(stats, 0)) };
    assert_eq!(name.to_bytes(), b"vmexits_total");
    unsafe { ffi::jailhouse_stats_free(stats) };

    jh.call(|jh, e| unsafe { ffi::jailhouse_cell_shutdown(jh, id, e) })?;
    jh.call(|jh, e| unsafe { ffi::jailhouse_cell_destroy(jh, id, e) })?;
    jh.call(|jh, e| unsafe { ffi::jailhouse_disable(jh, e) })?;
    assert_eq!(jh.call(|jh, e| unsafe { ffi::jailhouse_is_enabled(jh, e) })?, 0);
    println!("Rust: a cell lived");
    Ok(())
}
