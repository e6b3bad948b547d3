/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

/* An image of the command line: a file or a string. */
struct image {
	const char *word;
	struct cli_file file; /* data NULL: a string */
	bool is_string;
	bool has_address;
	uint64_t address;
};

struct image_list {
	size_t count;
	struct image image[JAILHOUSE_MAX_IMAGES];
};

/* Decimal, 0x hexadecimal or 0 octal, 64 bits. */
static bool parse_address(const char *word, uint64_t *ret_address)
{
	unsigned long long value;
	char *end;

	if (word[0] < '0' || word[0] > '9')
		return false;
	errno = 0;
	value = strtoull(word, &end, 0);
	if (errno || *end)
		return false;
	*ret_address = value;
	return true;
}

static bool set_address(const struct cli *cli, struct image_list *list, const char *word)
{
	struct image *image = list->count ? &list->image[list->count - 1] : NULL;
	char buffer[64];

	if (!image) {
		cli_usage_error(cli, "\"-a %s\" must follow the image that it belongs to: IMAGE -a "
				     "ADDRESS",
				cli_printable(word, buffer, sizeof(buffer)));
		return false;
	}
	if (image->has_address) {
		cli_usage_error(cli, "image %zu has two addresses", list->count - 1);
		return false;
	}
	image->has_address = parse_address(word, &image->address);
	if (!image->has_address)
		cli_usage_error(cli, "\"%s\" is no address; expected a number below 2^64",
				cli_printable(word, buffer, sizeof(buffer)));
	return image->has_address;
}

static bool add_image(const struct cli *cli, struct image_list *list, const char *word,
		      bool is_string)
{
	if (list->count == JAILHOUSE_MAX_IMAGES) {
		cli_usage_error(cli, "more than %d images", JAILHOUSE_MAX_IMAGES);
		return false;
	}
	list->image[list->count++] = (struct image){.word = word, .is_string = is_string};
	return true;
}

/* All that follows the cell. */
static bool parse_images(const struct cli *cli, const struct cli_args *args, size_t skip_words,
			 struct image_list *list)
{
	bool ok = true;
	size_t n;

	for (n = 0; n < args->count && ok; n++) {
		const struct cli_item *item = &args->item[n];

		switch (item->letter) {
		case 'a':
			ok = set_address(cli, list, item->value);
			break;
		case 's':
			ok = add_image(cli, list, item->value, true);
			break;
		case '\0':
			if (skip_words)
				skip_words--;
			else
				ok = add_image(cli, list, item->value, false);
			break;
		}
	}
	if (ok && list->count == 0) {
		cli_usage_error(cli, "at least one image is needed: IMAGE or -s STRING");
		return false;
	}
	return ok;
}

/* Files are read before anything happens to the cell. */
static bool read_images(const struct cli *cli, struct image_list *list)
{
	size_t n;

	for (n = 0; n < list->count; n++) {
		struct image *image = &list->image[n];

		if (!image->is_string && !cli_file_read(cli, image->word, &image->file))
			return false;
	}
	return true;
}

static void free_images(struct image_list *list)
{
	size_t n;

	for (n = 0; n < list->count; n++)
		cli_file_free(&list->image[n].file);
}

/* Tells which of the images an error is about. */
static enum cli_result report(const struct cli *cli, const struct image_list *list,
			      const struct jailhouse_error *error)
{
	const char *subject = NULL;

	if (error->item == JAILHOUSE_ITEM_IMAGE && error->index < list->count)
		subject = list->image[error->index].word;
	return cli_report(cli, subject, error);
}

static enum cli_result load(struct cli *cli, const struct cli_cell *cell,
			    const struct image_list *list)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_image images[JAILHOUSE_MAX_IMAGES];
	uint32_t id;
	size_t n;

	for (n = 0; n < list->count; n++) {
		const struct image *image = &list->image[n];

		images[n].address = image->address;
		images[n].data = image->is_string ? (const void *)image->word : image->file.data;
		/* A string goes with its NUL. */
		images[n].size = image->is_string ? strlen(image->word) + 1 : image->file.size;
	}
	if (!cli_cell_get_id(cli, cell, &id))
		return CLI_FAILED;
	if (jailhouse_cell_load(cli->jh, id, images, list->count, &error))
		return report(cli, list, &error);
	return CLI_OK;
}

static enum cli_result run(struct cli *cli, const struct cli_args *args)
{
	struct image_list list = {.count = 0};
	enum cli_result result = CLI_FAILED;
	struct cli_cell cell;
	size_t used;

	if (!cli_cell_parse(cli, args, &cell, &used) || !parse_images(cli, args, used, &list))
		return CLI_USAGE;
	if (read_images(cli, &list))
		result = load(cli, &cell, &list);
	free_images(&list);
	return result;
}

static const struct cli_option options[] = {
	CLI_CELL_NAME_OPTION,
	{"string", 's', true, "STRING", "load the bytes of STRING and a NUL behind them"},
	{"address", 'a', true, "ADDRESS",
	 "where the image before it goes, as the cell sees it; without: 0"},
	{NULL, 0, false, NULL, NULL},
};

const struct cli_command cli_cell_load = {
	.name = "load",
	.group = "cell",
	.synopsis = CLI_CELL_SYNOPSIS " { IMAGE | { -s | --string } \"STRING\" }\n"
		    "[-a | --address ADDRESS] ...",
	.summary = "Shut a cell down and put images into its memory.",
	.details = "IMAGE is a file that is copied as it is. Several images are loaded in order; each\n"
		   "may be followed by its address. An image must lie in one region of the cell that\n"
		   "is loadable and writable.",
	.options = options,
	.min_words = 0,
	.max_words = -1,
	.run = run,
};
