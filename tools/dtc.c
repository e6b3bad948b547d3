/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
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

/* A pipe gives what is in it once. */
static bool is_read_once(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static bool preprocess(struct cli *cli, const char *source, const struct cli_file *content,
		       const struct cli_args *args, struct cli_file *ret_text)
{
	const char *argv[2 * MAX_INCLUDES + 12] = {"cpp",       "-nostdinc", "-undef",
						   "-D__DTS__", "-x",        "assembler-with-cpp"};
	int words = 6, in = STDIN_FILENO;
	char path[4096];
	size_t n;
	bool ok;

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
	if (is_read_once(source)) {
		in = file_of(cli, content);
		if (in < 0)
			return false;
		strcpy(path, "-");
	}
	argv[words++] = path;
	argv[words] = NULL;
	ok = filter(cli, argv, in, ret_text);
	if (in != STDIN_FILENO)
		close(in);
	return ok;
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
	struct cli_file content, text = {NULL, 0};
	bool ok;

	if (!cli_file_read(cli, source, &content))
		return false;
	if (content.size >= sizeof(magic) && memcmp(content.data, magic, sizeof(magic)) == 0) {
		ret_dtc->blob = content;
		ret_dtc->annotated = dtc.annotated;
		return true;
	}
	ok = preprocess(cli, source, &content, args, &text) && compile(cli, &text, &dtc);
	cli_file_free(&content);
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
 * Lines of the annotated source: "name { ... (comment) FILE:LINE (end)" opens a node, "};" closes it, others are a
 * property. Names may have labels in front.
 */
struct walk {
	char path[256];
	size_t length[32]; /* of the path at each depth */
	unsigned int depth;
};

/* What a finding is about: a node and maybe a property of it */
struct subject {
	const char *path, *property;
	size_t path_length, property_length;
};

/* "PATH: PROPERTY ...", or 'PATH: there is no property "PROPERTY"' */
static struct subject subject_of(const char *text)
{
	static const char unknown[] = "there is no property \"";
	struct subject subject = {.path = text, .path_length = strcspn(text, ":")};

	text += subject.path_length + strspn(text + subject.path_length, ": ");
	if (strncmp(text, unknown, strlen(unknown)) == 0) {
		subject.property = text + strlen(unknown);
		subject.property_length = strcspn(subject.property, "\"");
	} else {
		subject.property = text;
		subject.property_length = strcspn(text, ": ");
	}
	return subject;
}

/* Without blanks and labels */
static void skip_labels(const char **line, size_t *length)
{
	size_t n = 0;

	for (;;) {
		while (*length > 0 && (**line == '\t' || **line == ' ')) {
			(*line)++;
			(*length)--;
		}
		for (n = 0; n < *length && !strchr(" \t:={;<\"", (*line)[n]); n++)
			;
		if (n + 1 >= *length || (*line)[n] != ':' || (*line)[n + 1] != ' ')
			return;
		*line += n + 1;
		*length -= n + 1;
	}
}

static bool enter(struct walk *walk, const char *line, size_t length)
{
	size_t at = walk->depth ? walk->length[walk->depth - 1] : 0;
	int written;

	if (walk->depth == CLI_ARRAY_SIZE(walk->length))
		return false;
	/* "/" is the path of the root, but a separator for others. */
	written = snprintf(walk->path + at, sizeof(walk->path) - at, "%s%.*s",
			   walk->depth > 1 ? "/" : "", (int)length, line);
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

static bool is_there(const struct walk *walk, const struct subject *subject)
{
	return strlen(walk->path) == subject->path_length &&
	       memcmp(walk->path, subject->path, subject->path_length) == 0;
}

static bool is_property(const char *line, size_t length, const struct subject *subject)
{
	return subject->property_length > 0 && length > subject->property_length &&
	       memcmp(line, subject->property, subject->property_length) == 0 &&
	       (line[subject->property_length] == ' ' || line[subject->property_length] == ';');
}

/* The last comment of a line; behind it there is nothing. */
static bool take_place(const char *line, size_t length, char *place, size_t size)
{
	const char *found = NULL, *next = line;

	while ((next = memmem(next, length - (size_t)(next - line), "/* ", 3)))
		found = next += 3;
	if (!found)
		return false;
	length -= (size_t)(found - line);
	while (length > 0 && strchr("/* ", found[length - 1]))
		length--;
	snprintf(place, size, "%.*s", (int)length, found);
	return true;
}

/*
 * "FILE:LINE" of the property, or else of the node; false if neither can be found. Properties come before the nodes
 * within.
 */
static bool find_place(const struct cli_dtc *dtc, const struct subject *subject, char *place, size_t size)
{
	const char *line = (const char *)dtc->annotated.data;
	const char *end = line + dtc->annotated.size;
	struct walk walk = {.depth = 0};
	const char *next, *brace;
	bool found = false;
	size_t length;

	for (; line && line < end; line = next + 1) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (!next)
			next = end;
		length = (size_t)(next - line);
		skip_labels(&line, &length);
		if (length >= 2 && memcmp(line, "};", 2) == 0) {
			leave(&walk);
		} else if ((brace = memmem(line, length, " {", 2)) && !memchr(line, '=', (size_t)(brace - line))) {
			if (found)
				break;
			if (enter(&walk, line, (size_t)(brace - line)) && is_there(&walk, subject))
				found = take_place(line, length, place, size);
		} else if (found && is_there(&walk, subject) && is_property(line, length, subject)) {
			return take_place(line, length, place, size);
		}
	}
	return found;
}

void cli_dtc_print_report(const struct cli *cli, const char *source, const struct cli_dtc *dtc,
			  const struct jailhouse_report *report)
{
	struct jailhouse_finding finding = {.size = sizeof(finding)};
	char place[256], printable[512];
	struct subject subject;
	size_t n, all;

	for (n = 0; jailhouse_report_get_finding(report, n, &finding) == 0; n++) {
		subject = subject_of(finding.text);
		if (!find_place(dtc, &subject, place, sizeof(place)))
			snprintf(place, sizeof(place), "%s", source);
		fprintf(cli->err, "%s", cli_printable(place, printable, sizeof(printable)));
		fprintf(cli->err, ": %s: %s\n", jailhouse_severity_get_name(finding.severity),
			cli_printable(finding.text, printable, sizeof(printable)));
	}
	all = jailhouse_report_get_number_of(report, JAILHOUSE_SEVERITY_ERROR);
	if (all > n)
		fprintf(cli->err, "%zu more are not shown.\n", all - n);
}
