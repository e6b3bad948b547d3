/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* URIs of jailhouse_open(): "device:[PATH][?OPTION=VALUE[&...]]" or "sim:[SOCKET]" */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SCHEME "device:"
#define SIM    "sim:"

static char *copy_part(const char *text, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

void jh_uri_free(struct jh_uri *uri)
{
	free(uri->node);
	free(uri->sysfs);
	uri->node = NULL;
	uri->sysfs = NULL;
}

/* One "NAME=VALUE" of `len` bytes. */
static int parse_option(const char *text, size_t len, struct jh_uri *uri,
			struct jailhouse_error *error)
{
	static const char sysfs[] = "sysfs=";
	const size_t name_len = sizeof(sysfs) - 1;

	if (len <= name_len || strncmp(text, sysfs, name_len) != 0)
		return jh_error_set(error, JAILHOUSE_ERR_URI, 0,
				    "unknown or empty option \"%.*s\" in URI; \"sysfs=PATH\" is known",
				    (int)(len < 64 ? len : 64), text);
	if (uri->sysfs)
		return jh_error_set(error, JAILHOUSE_ERR_URI, 0, "option sysfs is given twice in URI");
	uri->sysfs = copy_part(text + name_len, len - name_len);
	return uri->sysfs ? 0 : jh_error_no_memory(error);
}

static int parse_options(const char *text, struct jh_uri *uri, struct jailhouse_error *error)
{
	int err = 0;

	while (!err) {
		size_t len = strcspn(text, "&");

		err = parse_option(text, len, uri, error);
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	return err;
}

static int check_scheme(const char *text, struct jailhouse_error *error)
{
	size_t len = strcspn(text, ":");

	if (strncmp(text, SCHEME, strlen(SCHEME)) == 0)
		return 0;
	if (text[len] == '\0')
		return jh_error_set(error, JAILHOUSE_ERR_URI, 0,
				    "\"%.64s\" is no URI; expected \"device:\", \"device:PATH\" or "
				    "\"sim:PATH\"",
				    text);
	return jh_error_set(error, JAILHOUSE_ERR_NO_BACKEND, 0,
			    "no backend \"%.*s:\" is built into this library, only \"" SCHEME "\" and \"" SIM
			    "\"",
			    (int)(len < 64 ? len : 64), text);
}

/* All that follows is the path. */
static int parse_sim(const char *path, struct jh_uri *ret_uri, struct jailhouse_error *error)
{
	struct jh_uri uri = {true, NULL, NULL};

	if (*path) {
		uri.node = copy_part(path, strlen(path));
		if (!uri.node)
			return jh_error_no_memory(error);
	}
	*ret_uri = uri;
	return 0;
}

int jh_uri_parse(const char *text, struct jh_uri *ret_uri, struct jailhouse_error *error)
{
	struct jh_uri uri = {false, NULL, NULL};
	size_t len;
	int err;

	if (!text)
		text = SCHEME;
	if (strncmp(text, SIM, strlen(SIM)) == 0)
		return parse_sim(text + strlen(SIM), ret_uri, error);
	err = check_scheme(text, error);
	if (err)
		return err;
	text += strlen(SCHEME);
	len = strcspn(text, "?");
	uri.node = len ? copy_part(text, len) : copy_part(JH_DEFAULT_NODE, strlen(JH_DEFAULT_NODE));
	if (!uri.node)
		return jh_error_no_memory(error);
	if (text[len] == '?')
		err = parse_options(text + len + 1, &uri, error);
	if (!err && !uri.sysfs) {
		uri.sysfs = copy_part(JH_DEFAULT_SYSFS, strlen(JH_DEFAULT_SYSFS));
		if (!uri.sysfs)
			err = jh_error_no_memory(error);
	}
	if (err) {
		jh_uri_free(&uri);
		return err;
	}
	*ret_uri = uri;
	return 0;
}
