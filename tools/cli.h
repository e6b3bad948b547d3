/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the commands of `jailhouse` share. A command is an entry in the table of commands.c and a file
 * of its own; it sees nothing of the library but jailhouse.h.
 */
#ifndef TOOLS_CLI_H
#define TOOLS_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jailhouse/jailhouse.h>

#define CLI_ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Exit codes */
enum cli_result {
	CLI_OK = 0,
	CLI_FAILED = 1, /* the request was refused or something could not be read */
	CLI_USAGE = 2,	/* the command line makes no sense; nothing was done */
};

struct cli_command;

struct cli {
	FILE *out; /* results */
	FILE *err; /* errors and hints */
	const char *program;
	const char *uri; /* --backend, NULL for the default */
	const struct cli_command *command; /* the one that runs */
	struct jailhouse *jh; /* opened by cli_connect() */
};

/* An option of a command. -h and --help need none. */
struct cli_option {
	const char *name; /* without the dashes */
	char letter;	  /* what the command knows it by */
	bool short_form;  /* -letter is accepted as well */
	const char *arg;  /* name of its argument, NULL for none */
	const char *help;
};

struct cli_args;

struct cli_command {
	const char *name;
	const char *group;    /* first word, NULL for commands of one word */
	const char *synopsis; /* what follows the name; lines are separated by \n */
	const char *summary;  /* one line */
	const char *details;  /* paragraphs for --help, may be NULL */
	const struct cli_option *options; /* ends with name NULL; may be NULL */
	int min_words, max_words; /* plain words that it takes; -1: any number */
	enum cli_result (*run)(struct cli *cli, const struct cli_args *args);
};

/* All commands in the order of the help, and what is said of their groups. */
extern const struct cli_command *const cli_commands[];
extern const size_t cli_num_commands;

/* A word or option of the command line, in the order given. */
struct cli_item {
	char letter;	   /* 0: plain word */
	const char *value; /* the word, or the argument of the option, or NULL */
};

struct cli_args {
	size_t count;
	struct cli_item *item;
};

/* ---- cli.c ---- */

/* Runs a command line. argv[0] is the program. Returns the exit code. */
enum cli_result cli_main(int argc, char **argv, FILE *out, FILE *err);

/* The command of that name; `group` is NULL for those of one word. NULL if there is none. */
const struct cli_command *cli_find_command(const char *group, const char *name);
bool cli_is_group(const char *name);

/* Connects with the backend if that has not been done. Reports a failure. */
bool cli_connect(struct cli *cli);

/* ---- sim.c ---- */

/*
 * As cli_connect() without a report. Starts the server of "sim:PATH" if there is none. Returns 0 or the
 * code of the library.
 */
int cli_open(struct cli *cli, struct jailhouse_error *error);
/* The path of the simulation that is used ("": one of this process), or NULL if it is another backend. */
const char *cli_sim_uri(const struct cli *cli);

/* ---- complete.c ---- */

/* Prints what may come next; the last word is the one being typed. */
enum cli_result cli_complete(struct cli *cli, int argc, char **argv);

/* ---- args.c ---- */

/* Splits what follows the name. Reports mistakes. The items point into argv; free with cli_args_free(). */
enum cli_result cli_args_parse(struct cli *cli, int argc, char **argv, struct cli_args *ret_args);
void cli_args_free(struct cli_args *args);

/* Is the option there? */
bool cli_args_has(const struct cli_args *args, char letter);
/* Its argument, the last one if it was repeated; NULL without. */
const char *cli_args_value(const struct cli_args *args, char letter);
/* The n-th plain word, NULL if there are fewer. */
const char *cli_args_word(const struct cli_args *args, size_t n);

/* ---- report.c ---- */

/* "PROGRAM COMMAND: what went wrong", on err. */
void cli_error(const struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* The same, and how to learn more. Returns CLI_USAGE. */
enum cli_result cli_usage_error(const struct cli *cli, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* An error of the library with what to do about it. `subject` (a file or cell) may be NULL. */
enum cli_result cli_report(const struct cli *cli, const char *subject,
			   const struct jailhouse_error *error);
enum cli_result cli_no_memory(const struct cli *cli);

/* ---- findings.c ---- */

struct jailhouse_report;

/*
 * Prints what the checker has found and how much of each severity. A place in a configuration that has
 * no path gets the last one.
 */
void cli_print_findings(FILE *to, const struct jailhouse_report *report, const char *const *paths,
			size_t num_paths);
/*
 * For commands that hand the configuration of their first word over: reads it, checks it by one of the
 * functions jailhouse_check_...() unless the command line says --no-check, prints warnings and errors,
 * and makes the request if there is no error. Reports a failure.
 */
enum cli_result cli_config_request(
	struct cli *cli, const struct cli_args *args,
	int (*check)(struct jailhouse *jh, const void *config, size_t size,
		     struct jailhouse_report **ret_report, struct jailhouse_error *error),
	int (*request)(struct cli *cli, const struct cli_args *args, const void *config, size_t size,
		       struct jailhouse_error *error));
#define CLI_NO_CHECK_OPTION {"no-check", 'C', false, NULL, "do not look for mistakes first"}

/* ---- hints.c ---- */

/* What to do about an error, one or more lines; NULL if nothing helpful can be said. */
const char *cli_hint(const struct jailhouse_error *error);
/* Names of the reasons that have a hint, for the test that they exist. NULL at the end. */
const char *cli_hint_reason(size_t index);

/* ---- file.c ---- */

struct cli_file {
	unsigned char *data;
	size_t size;
};

/* Reads a whole file into memory. Reports a failure. Free with cli_file_free(). */
bool cli_file_read(const struct cli *cli, const char *path, struct cli_file *ret_file);
void cli_file_free(struct cli_file *file);
/* Whether two paths lead to one file, which need not be there yet */
bool cli_file_is_same(const char *path, const char *other);
/* Writes a file, which has its new contents at once or is left as it was. Reports a failure. */
bool cli_file_write(const struct cli *cli, const char *path, const void *data, size_t size);

/* ---- cellspec.c ---- */

/* "ID", "NAME" or "--name NAME" */
struct cli_cell {
	uint32_t id;
	const char *name; /* NULL: by id */
};

#define CLI_CELL_SYNOPSIS    "{ ID | [--name] NAME }"
#define CLI_CELL_NAME_OPTION {"name", 'n', false, "NAME", "take NAME as a name even if it is a number"}

/*
 * Takes the cell from --name or the first plain word; *ret_words is the number of plain words used.
 * Reports mistakes and returns false.
 */
bool cli_cell_parse(const struct cli *cli, const struct cli_args *args, struct cli_cell *ret_cell,
		    size_t *ret_words);
/* Looks it up. Reports a failure. */
bool cli_cell_get(struct cli *cli, const struct cli_cell *spec, struct jailhouse_cell **ret_cell);
/* Its id; asks the hypervisor only for a name. */
bool cli_cell_get_id(struct cli *cli, const struct cli_cell *spec, uint32_t *ret_id);
/*
 * For commands that take a cell and nothing else: parses, makes the request by its id, reports a
 * failure.
 */
enum cli_result cli_cell_request(struct cli *cli, const struct cli_args *args,
				 int (*request)(struct jailhouse *jh, uint32_t id,
						struct jailhouse_error *error));
/* What the user called it, for messages. */
const char *cli_cell_text(const struct cli_cell *spec, char *buffer, size_t size);

/* ---- text.c ---- */

/*
 * Makes text of unknown origin fit for a terminal: bytes that are not printable ASCII become \xNN.
 * The result is cut at size and terminated. Returns it.
 */
const char *cli_printable(const char *text, char *buffer, size_t size);

/* CPUs as the kernel lists them, "0-2,5". Allocated; NULL without memory. */
char *cli_cpu_list(const uint64_t *mask, size_t words);

/* The CPUs of a cell; `failed` chooses which. Allocated, with their number; NULL without memory. */
uint64_t *cli_cell_mask(const struct jailhouse_cell *cell, bool failed, size_t *ret_words);

/* What both `cell list` and `cell show` say of a cell in JSON. Returns false without memory. */
struct json;
bool cli_json_cell(struct json *json, const struct jailhouse_cell *cell);
/* The member "isolation". */
void cli_json_isolation(struct json *json, uint32_t isolation);

/* "no DMA protection, ..."; static or in the buffer. */
const char *cli_isolation(uint32_t isolation, char *buffer, size_t size);

#endif /* !TOOLS_CLI_H */
