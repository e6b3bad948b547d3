/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The guests that are known by a name, and what an image asks for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "guests.h"

pthread_mutex_t sim_guests_lock = PTHREAD_MUTEX_INITIALIZER;

static struct sim_guest *guests;

static struct sim_guest *find(const char *name)
{
	struct sim_guest *guest;

	for (guest = guests; guest; guest = guest->next)
		if (strcmp(guest->name, name) == 0)
			return guest;
	return NULL;
}

static const struct sim_builtin *find_builtin(const char *name)
{
	size_t n;

	for (n = 0; n < sim_num_builtins; n++)
		if (strcmp(sim_builtins[n].name, name) == 0)
			return &sim_builtins[n];
	return NULL;
}

static struct sim_guest *add(const char *name, jailhouse_sim_guest function, void *user)
{
	struct sim_guest *guest = calloc(1, sizeof(*guest));

	if (!guest)
		return NULL;
	strncpy(guest->name, name, sizeof(guest->name) - 1);
	guest->function = function;
	guest->user = user;
	guest->next = guests;
	guests = guest;
	return guest;
}

int sim_guest_register(const char *name, jailhouse_sim_guest function, void *user)
{
	int err = 0;

	pthread_mutex_lock(&sim_guests_lock);
	if (find(name) || find_builtin(name))
		err = -EEXIST;
	else if (!add(name, function, user))
		err = -ENOMEM;
	pthread_mutex_unlock(&sim_guests_lock);
	return err;
}

static void forget(struct sim_guest *guest)
{
	struct sim_guest **link = &guests;

	while (*link != guest)
		link = &(*link)->next;
	*link = guest->next;
	free(guest);
}

int sim_guest_unregister(const char *name)
{
	struct sim_guest *guest;
	int err = 0;

	pthread_mutex_lock(&sim_guests_lock);
	guest = find(name);
	if (!guest || find_builtin(name))
		err = -ENOENT;
	else if (guest->refs)
		err = -EBUSY;
	else
		forget(guest);
	pthread_mutex_unlock(&sim_guests_lock);
	return err;
}

/* A program of the simulation is in the list while it is used. */
static struct sim_guest *find_or_add(const char *name)
{
	const struct sim_builtin *builtin;
	struct sim_guest *guest = find(name);

	if (guest)
		return guest;
	builtin = find_builtin(name);
	return builtin ? add(name, builtin->guest, NULL) : NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes a word, or with `rest` all that is left; cut to `size`. Returns what is behind it. */
static const char *take(const char *text, const char *end, bool rest, char *to, size_t size)
{
	size_t length = 0;

	while (text < end && is_blank(*text))
		text++;
	for (; text < end && (rest || !is_blank(*text)); text++)
		if (length + 1 < size)
			to[length++] = *text;
	while (length && is_blank(to[length - 1]))
		length--;
	to[length] = '\0';
	return text;
}

void sim_program_get(struct sim_program *program, const void *image, size_t size)
{
	const size_t mark = sizeof(JAILHOUSE_SIM_IMAGE_MARK) - 1;
	const char *text = image, *end;

	memset(program, 0, sizeof(*program));
	if (size <= mark || memcmp(text, JAILHOUSE_SIM_IMAGE_MARK, mark) != 0 ||
	    !is_blank(text[mark]))
		return;
	end = text + size;
	for (text += mark; text < end && *text != '\n' && *text != '\0'; text++)
		;
	end = text;
	text = (const char *)image + mark;
	text = take(text, end, false, program->name, sizeof(program->name));
	take(text, end, true, program->arguments, sizeof(program->arguments));

	pthread_mutex_lock(&sim_guests_lock);
	program->guest = find_or_add(program->name);
	if (program->guest)
		program->guest->refs++;
	pthread_mutex_unlock(&sim_guests_lock);
}

void sim_program_put_locked(struct sim_program *program)
{
	struct sim_guest *guest = program->guest;

	program->guest = NULL;
	if (guest && --guest->refs == 0 && find_builtin(guest->name))
		forget(guest);
}

void sim_program_put(struct sim_program *program)
{
	pthread_mutex_lock(&sim_guests_lock);
	sim_program_put_locked(program);
	pthread_mutex_unlock(&sim_guests_lock);
}
