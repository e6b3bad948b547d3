/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef LIB_SIM_SERVE_H
#define LIB_SIM_SERVE_H

#include "sim.h"

/* Does what the client at a socket asks for, until it goes. `machine` is a file of the machine. */
void sim_serve(int fd, struct jh_sim_file *machine);

#endif /* !LIB_SIM_SERVE_H */
