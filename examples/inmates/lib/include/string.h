/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The string functions themselves are declared by inmate.h. */
#ifndef INMATE_STRING_H
#define INMATE_STRING_H

#define __stringify_1(x...) #x
/** __stringify() - make a string of the expansion of a macro */
#define __stringify(x...) __stringify_1(x)

#endif /* !INMATE_STRING_H */
