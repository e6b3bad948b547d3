/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef TEST_GENERATE_H
#define TEST_GENERATE_H

/* test-generate-tree.c */
void live_tree_gives_the_same(void **state);
void tree_with_too_many_ranges(void **state);
void live_tree_that_is_none(void **state);

#endif /* !TEST_GENERATE_H */
