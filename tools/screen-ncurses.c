/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The live screen of `cell stats`. */
#include <ncurses.h>
#include <time.h>

#include "stats-table.h"

#define FIRST_INTERVAL_MS 1000 /* also after a key */
#define NEXT_INTERVAL_MS  4000

#define COL_CPU	  8
#define COL_VALUE 30
#define COL_RATE  40

const bool stats_has_screen = true;

struct screen {
	struct cli *cli;
	uint32_t id;
	const char *name;
	struct jailhouse_stats *before, *now;
	double before_time, now_time;
	size_t num_cpus;   /* of the first snapshot */
	ssize_t cpu_index; /* into it, -1 for all */
};

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec * 1e-9;
}

static bool update(struct screen *screen, struct jailhouse_error *error)
{
	struct jailhouse_stats *stats;

	if (jailhouse_stats_get(screen->cli->jh, screen->id, &stats, error))
		return false;
	jailhouse_stats_free(screen->before);
	screen->before = screen->now;
	screen->before_time = screen->now_time;
	screen->now = stats;
	screen->now_time = seconds();
	return true;
}

static void draw(const struct screen *screen)
{
	int64_t cpu = STATS_ALL_CPUS;
	struct stats_table table;
	char which[32] = "(All CPUs)";
	size_t n;

	if (screen->cpu_index >= 0) {
		cpu = jailhouse_stats_get_cpu(screen->now, screen->cpu_index);
		snprintf(which, sizeof(which), "(CPU %lld)", (long long)cpu);
	}
	stats_table_make(&table, screen->now, screen->before, cpu,
			 screen->now_time - screen->before_time);

	erase();
	mvprintw(0, 0, "Statistics for %s cell", screen->name);
	attron(A_REVERSE);
	mvhline(2, 0, ' ', COLS);
	mvprintw(2, 0, "COUNTER ");
	mvprintw(2, COL_CPU, "%s", which);
	mvprintw(2, COL_VALUE, "%10s", "SUM");
	mvprintw(2, COL_RATE, "%10s", "PER SEC");
	attroff(A_REVERSE);
	for (n = 0; n < table.count && (int)n + 3 < LINES - 1; n++) {
		mvprintw(3 + n, 0, "%s", table.row[n].name);
		mvprintw(3 + n, COL_VALUE, "%10llu", (unsigned long long)table.row[n].value);
		if (screen->before)
			mvprintw(3 + n, COL_RATE, "%10llu",
				 (unsigned long long)table.row[n].rate);
	}
	attron(A_REVERSE);
	mvhline(LINES - 1, 0, ' ', COLS);
	mvprintw(LINES - 1, 0, "Q - Quit | C - Toggle CPU | A - All CPUs");
	attroff(A_REVERSE);
	refresh();
}

/* Returns false at the end. */
static bool handle_key(struct screen *screen, int key)
{
	switch (key) {
	case 'q':
	case 'Q':
	case 3: /* Ctrl-C, as a key in raw mode, so that the terminal is restored */
		return false;
	case 'c':
	case 'C':
		if (++screen->cpu_index >= (ssize_t)screen->num_cpus)
			screen->cpu_index = screen->num_cpus ? 0 : -1;
		return true;
	case 'a':
	case 'A':
		screen->cpu_index = -1;
		return true;
	default:
		return true;
	}
}

/* Returns false if the cell could not be read any more. */
static bool loop(struct screen *screen, struct jailhouse_error *error)
{
	int interval = FIRST_INTERVAL_MS;
	int key;

	for (;;) {
		draw(screen);
		timeout(interval);
		key = getch();
		if (key == ERR) {
			if (!update(screen, error))
				return false;
			interval = NEXT_INTERVAL_MS;
			continue;
		}
		if (!handle_key(screen, key))
			return true;
		interval = FIRST_INTERVAL_MS;
	}
}

enum cli_result stats_screen(struct cli *cli, uint32_t id, const char *name)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct screen screen = {.cli = cli, .id = id, .name = name, .cpu_index = -1};
	SCREEN *terminal;
	bool ok;

	if (!update(&screen, &error))
		return cli_report(cli, NULL, &error);
	screen.num_cpus = jailhouse_stats_get_num_cpus(screen.now);
	/* Unlike initscr() this one does not end the program. */
	terminal = newterm(NULL, stdout, stdin);
	if (!terminal) {
		jailhouse_stats_free(screen.now);
		cli_error(cli, "this terminal has no full screen; use --once");
		return CLI_FAILED;
	}
	raw();
	noecho();
	curs_set(0);
	keypad(stdscr, TRUE);
	ok = loop(&screen, &error);
	endwin();
	delscreen(terminal);
	jailhouse_stats_free(screen.before);
	jailhouse_stats_free(screen.now);
	return ok ? CLI_OK : cli_report(cli, NULL, &error);
}
