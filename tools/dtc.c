/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dtc.h"

#define MAX_INCLUDES 32

extern char **environ;

/* First word of a device tree blob, as its bytes stand in the file */
static const unsigned char magic[4] = {0xd0, 0x0d, 0xfe, 0xed};

/* Reads what a program has written. */
static bool take_output(const struct cli *cli, int fd, struct cli_file *ret_file)
{
	char path[32];

	/* Not the descriptor, whose position is at the end. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return cli_file_read(cli, path, ret_file);
}

/* Runs a program from descriptor to descriptor; its messages go to our stderr. Reports a failure.
 */
static bool run_program(const struct cli *cli, const char *const *argv, int in, int out)
{
	posix_spawn_file_actions_t actions;
	int status, err;
	pid_t pid;

	if (posix_spawn_file_actions_init(&actions) != 0) {
		cli_no_memory(cli);
		return false;
	}
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	err = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err) {
		cli_error(cli, "running %s: %s (Debian: apt install %s)", argv[0], strerror(err),
			  strcmp(argv[0], "dtc") == 0 ? "device-tree-compiler" : argv[0]);
		return false;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	cli_error(cli, "%s failed, see its messages", argv[0]);
	return false;
}

/* The same with a new file in memory for the result. */
static bool filter(const struct cli *cli, const char *const *argv, int in,
		   struct cli_file *ret_file)
{
	int out = memfd_create("jailhouse", MFD_CLOEXEC);
	bool ok;

	if (out < 0) {
		cli_error(cli, "creating a file in memory: %s", strerror(errno));
		return false;
	}
	ok = run_program(cli, argv, in, out) && take_output(cli, out, ret_file);
	close(out);
	return ok;
}

/* A file in memory to be read from its start. -1 after a report. */
static int file_of(const struct cli *cli, const struct cli_file *file)
{
	int fd = memfd_create("jailhouse", MFD_CLOEXEC);
	size_t done = 0;
	ssize_t ret;

	while (fd >= 0 && done < file->size) {
		ret = write(fd, file->data + done, file->size - done);
		if (ret < 0 && errno != EINTR) {
			close(fd);
			fd = -1;
		} else if (ret > 0) {
			done += (size_t)ret;
		}
	}
	if (fd < 0)
		cli_error(cli, "creating a file in memory: %s", strerror(errno));
	else
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static bool preprocess(struct cli *cli, const char *source, const struct cli_args *args,
		       struct cli_file *ret_text)
{
	const char *argv[2 * MAX_INCLUDES + 12] = {"cpp",       "-nostdinc", "-undef",
						   "-D__DTS__", "-x",        "assembler-with-cpp"};
	char path[4096];
	int words = 6;
	size_t n;

	for (n = 0; n < args->count; n++) {
		if (args->item[n].letter != 'I')
			continue;
		if (words >= 2 * MAX_INCLUDES + 6) {
			cli_error(cli, "too many include directories");
			return false;
		}
		argv[words++] = "-I";
		argv[words++] = args->item[n].value;
	}
	/* cpp knows no end of options. */
	snprintf(path, sizeof(path), "%s%s", source[0] == '-' ? "./" : "", source);
	argv[words++] = path;
	argv[words] = NULL;
	return filter(cli, argv, STDIN_FILENO, ret_text);
}

static bool compile(struct cli *cli, const struct cli_file *text, struct cli_dtc *dtc)
{
	static const char *const to_blob[] = {"dtc", "-q", "-I", "dts", "-O",
					      "dtb", "-o", "-",  "-",   NULL};
	/* Places come with the source form only. */
	static const char *const to_source[] = {"dtc", "-q", "-I", "dts", "-O",
						"dts", "-T", "-",  NULL};
	bool ok;
	int in;

	in = file_of(cli, text);
	if (in < 0)
		return false;
	ok = filter(cli, to_blob, in, &dtc->blob);
	lseek(in, 0, SEEK_SET);
	ok = ok && filter(cli, to_source, in, &dtc->annotated);
	close(in);
	return ok;
}

bool cli_dtc_compile(struct cli *cli, const char *source, const struct cli_args *args,
		     struct cli_dtc *ret_dtc)
{
	struct cli_dtc dtc = {{NULL, 0}, {NULL, 0}};
	struct cli_file text = {NULL, 0};
	bool ok;

	if (!cli_file_read(cli, source, &text))
		return false;
	if (text.size >= sizeof(magic) && memcmp(text.data, magic, sizeof(magic)) == 0) {
		ret_dtc->blob = text;
		ret_dtc->annotated = dtc.annotated;
		return true;
	}
	cli_file_free(&text);
	ok = preprocess(cli, source, args, &text) && compile(cli, &text, &dtc);
	cli_file_free(&text);
	if (ok)
		*ret_dtc = dtc;
	else
		cli_dtc_free(&dtc);
	return ok;
}

void cli_dtc_free(struct cli_dtc *dtc)
{
	cli_file_free(&dtc->blob);
	cli_file_free(&dtc->annotated);
}

/*
 * Lines of the annotated source: "name { ... (comment) FILE:LINE (end)" opens a node, "};" closes
 * it. Finds the comment of the node with that path.
 */
struct walk {
	char path[256];
	size_t length[32]; /* of the path at each depth */
	unsigned int depth;
};

static bool enter(struct walk *walk, const char *line, size_t length)
{
	const char *brace = memchr(line, '{', length);
	size_t at = walk->depth ? walk->length[walk->depth - 1] : 0;
	int written;

	if (!brace || walk->depth == CLI_ARRAY_SIZE(walk->length))
		return false;
	while (length > 0 && (*line == '\t' || *line == ' ')) {
		line++;
		length--;
	}
	while (brace > line && brace[-1] == ' ')
		brace--;
	/* "/" is the path of the root, but a separator for others. */
	written = snprintf(walk->path + at, sizeof(walk->path) - at, "%s%.*s",
			   walk->depth > 1 ? "/" : "", (int)(brace - line), line);
	if (written < 0 || (size_t)written >= sizeof(walk->path) - at)
		return false;
	walk->length[walk->depth++] = at + (size_t)written;
	return true;
}

static void leave(struct walk *walk)
{
	if (walk->depth > 0)
		walk->depth--;
	walk->path[walk->depth ? walk->length[walk->depth - 1] : 0] = '\0';
}

/* "FILE:LINE" of a node; false if it can't be found. */
static bool find_place(const struct cli_dtc *dtc, const char *path, size_t path_length, char *place,
		       size_t size)
{
	const char *line = (const char *)dtc->annotated.data;
	const char *end = line + dtc->annotated.size;
	struct walk walk = {.depth = 0};
	const char *next, *comment;
	size_t length;

	if (!line)
		return false;
	for (; line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		length = (size_t)(next - line);
		if (memmem(line, length, "};", 2)) {
			leave(&walk);
			continue;
		}
		comment = memmem(line, length, "{ /* ", 5);
		if (!comment || !enter(&walk, line, length))
			continue;
		if (strlen(walk.path) != path_length || memcmp(walk.path, path, path_length) != 0)
			continue;
		comment += 5;
		length = (size_t)(next - comment);
		while (length > 0 && (comment[length - 1] == '/' || comment[length - 1] == '*' ||
				      comment[length - 1] == ' '))
			length--;
		snprintf(place, size, "%.*s", (int)length, comment);
		return true;
	}
	return false;
}

void cli_dtc_print_report(const struct cli *cli, const char *source, const struct cli_dtc *dtc,
			  const struct jailhouse_report *report)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	char place[256], printable[512];
	size_t n;

	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++) {
		if (!find_place(dtc, finding.text, strcspn(finding.text, ":"), place,
				sizeof(place)))
			snprintf(place, sizeof(place), "%s", source);
		fprintf(cli->err, "%s", cli_printable(place, printable, sizeof(printable)));
		fprintf(cli->err, ": %s: %s\n", jailhouse_severity_get_name(finding.severity),
			cli_printable(finding.text, printable, sizeof(printable)));
	}
}
