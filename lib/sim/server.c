/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * jailhouse-sim-server: a simulated machine for the processes of one user, behind a socket.
 *
 * Returns when the socket takes connections, and goes on in the background. It ends by itself when
 * the hypervisor is disabled and nobody has been connected for some seconds, or by SIGTERM.
 *
 * Whoever starts or ends at a socket holds the lock of its path meanwhile, so that two that are
 * started at once become one, and nobody removes the socket of another one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "serve.h"
#include "wire.h"

#define DEFAULT_IDLE_MS 5000
#define MAX_CLIENTS     64

struct server {
	const char *path;
	char lock_path[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 8];
	struct sockaddr_un address;
	int socket;
	int idle_ms;
	struct jh_sim_file *machine;
	pthread_mutex_t lock;
	unsigned int clients;
	int gone[2]; /* a byte for each client that went */
};

struct client {
	struct server *server;
	int fd;
};

static int fail(const char *what, const char *path)
{
	fprintf(stderr, "jailhouse-sim-server: %s %s: %s\n", what, path, strerror(errno));
	return -1;
}

/* ---- the socket ---- */

/* Returns the descriptor that holds the lock. The file may have been removed while we waited for
 * it. */
static int take_lock(const struct server *s)
{
	struct stat held, there;
	int fd;

	for (;;) {
		fd = open(s->lock_path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0 || flock(fd, LOCK_EX) < 0 || fstat(fd, &held) < 0) {
			fail("locking", s->lock_path);
			if (fd >= 0)
				close(fd);
			return -1;
		}
		if (stat(s->lock_path, &there) == 0 && there.st_ino == held.st_ino &&
		    there.st_dev == held.st_dev)
			return fd;
		close(fd);
	}
}

static void drop_lock(const struct server *s, int fd)
{
	unlink(s->lock_path);
	/* A child may have the descriptor as well. */
	flock(fd, LOCK_UN);
	close(fd);
}

/* Is a server there already? What one has left that was killed is removed. */
static int find_other(const struct server *s)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat there;
	int err;

	if (fd < 0)
		return fail("socket for", s->path);
	err = connect(fd, (const struct sockaddr *)&s->address, sizeof(s->address)) < 0 ? errno : 0;
	close(fd);
	if (!err)
		return 1;
	if (err == ENOENT)
		return 0;
	errno = err;
	if (err != ECONNREFUSED || lstat(s->path, &there) < 0 || !S_ISSOCK(there.st_mode) ||
	    there.st_uid != geteuid()) {
		errno = err;
		return fail("something else is at", s->path);
	}
	return unlink(s->path) < 0 ? fail("removing", s->path) : 0;
}

static int listen_at(struct server *s)
{
	s->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->socket < 0 ||
	    bind(s->socket, (struct sockaddr *)&s->address, sizeof(s->address)) < 0 ||
	    listen(s->socket, MAX_CLIENTS) < 0)
		return fail("listening at", s->path);
	return 0;
}

/* ---- clients ---- */

static void *client_main(void *arg)
{
	struct client *client = arg;
	struct server *s = client->server;
	ssize_t done;

	sim_serve(client->fd, s->machine);
	close(client->fd);
	free(client);
	pthread_mutex_lock(&s->lock);
	s->clients--;
	done = write(s->gone[1], "", 1);
	(void)done;
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* False: it can't be served, and is sent away. */
static bool start_client(struct server *s, int fd)
{
	struct client *client = malloc(sizeof(*client));
	pthread_attr_t attr;
	pthread_t thread;
	bool started;

	if (!client)
		return false;
	*client = (struct client){s, fd};
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&s->lock);
	started = s->clients < MAX_CLIENTS &&
		  pthread_create(&thread, &attr, client_main, client) == 0;
	s->clients += started;
	pthread_mutex_unlock(&s->lock);
	pthread_attr_destroy(&attr);
	if (!started)
		free(client);
	return started;
}

static void accept_client(struct server *s)
{
	int fd = accept4(s->socket, NULL, NULL, SOCK_CLOEXEC);

	if (fd >= 0 && (!sim_wire_same_user(fd) || !start_client(s, fd)))
		close(fd);
}

static bool is_idle(struct server *s)
{
	struct jailhouse_ioc_info info = {.size = sizeof(info)};
	bool idle;

	pthread_mutex_lock(&s->lock);
	idle = s->clients == 0;
	pthread_mutex_unlock(&s->lock);
	return idle && s->machine->ops->ioctl(s->machine, JAILHOUSE_IOC_GET_INFO, &info) == 0 &&
	       !(info.state & JAILHOUSE_IOC_ENABLED);
}

/* Whoever is on the way to us is served before. True: the socket is gone. */
static bool retire(struct server *s, bool now)
{
	struct pollfd pfd = {.fd = s->socket, .events = POLLIN};
	int fd = take_lock(s);
	bool retires = now || poll(&pfd, 1, 0) == 0;

	if (retires)
		unlink(s->path);
	if (fd >= 0)
		drop_lock(s, fd);
	return retires;
}

/* Returns when it is time to end; true: all clients have gone before. */
static bool serve_all(struct server *s, int signals)
{
	struct pollfd pfd[] = {
		{.fd = s->socket, .events = POLLIN},
		{.fd = s->gone[0], .events = POLLIN},
		{.fd = signals, .events = POLLIN},
	};
	char bytes[MAX_CLIENTS];
	ssize_t done;
	bool idle;

	for (;;) {
		idle = is_idle(s);
		if (poll(pfd, 3, idle ? s->idle_ms : -1) == 0 && is_idle(s) && retire(s, false))
			return true;
		if (pfd[2].revents) {
			retire(s, true);
			return false;
		}
		if (pfd[1].revents) {
			done = read(s->gone[0], bytes, sizeof(bytes));
			(void)done;
		}
		if (pfd[0].revents)
			accept_client(s);
		pfd[0].revents = pfd[1].revents = pfd[2].revents = 0;
	}
}

/* ---- start ---- */

static int run(struct server *s)
{
	sigset_t end;
	int signals;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGINT);
	pthread_sigmask(SIG_BLOCK, &end, NULL);
	signals = signalfd(-1, &end, SFD_CLOEXEC);
	if (signals < 0 || pipe2(s->gone, O_CLOEXEC | O_NONBLOCK) < 0 ||
	    sim_local_open(&s->machine))
		return EXIT_FAILURE;
	pthread_mutex_init(&s->lock, NULL);
	/* With clients at work there is nothing to tidy up but what the kernel does. */
	if (!serve_all(s, signals))
		_exit(EXIT_SUCCESS);
	s->machine->ops->close(s->machine);
	return EXIT_SUCCESS;
}

/* Nothing of whoever started us is kept: a pipe of his would never end. */
static void leave_terminal(const struct server *s)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;

	setsid();
	for (fd = 0; null >= 0 && fd < 3; fd++)
		dup2(null, fd);
	for (fd = 3; fd < 1024; fd++)
		if (fd != s->socket)
			close(fd);
	fd = chdir("/");
	(void)fd;
}

/* Returns 1 if this process is the server, 0 if there is one now, or -1. */
static int start(struct server *s, bool foreground)
{
	int lock = take_lock(s), ret = 1;
	pid_t pid = 0;

	if (lock < 0)
		return -1;
	switch (find_other(s)) {
	case 0:
		if (listen_at(s))
			ret = -1;
		break;
	case 1:
		ret = 0;
		break;
	default:
		ret = -1;
	}
	if (ret == 1 && !foreground) {
		pid = fork();
		if (pid < 0)
			ret = fail("starting a server for", s->path);
		else if (pid > 0)
			ret = 0;
	}
	if (ret == 1 && !foreground)
		leave_terminal(s);
	else
		drop_lock(s, lock);
	return ret;
}

static int set_path(struct server *s, const char *path)
{
	char *dir;

	/* The server leaves the working directory, and must find the socket again at its end. */
	dir = path[0] == '/' ? strdup("") : getcwd(NULL, 0);
	s->address.sun_family = AF_UNIX;
	if (!dir || snprintf(s->address.sun_path, sizeof(s->address.sun_path), "%s%s%s", dir,
			     *dir ? "/" : "", path) >= (int)sizeof(s->address.sun_path)) {
		errno = ENAMETOOLONG;
		free(dir);
		return fail("socket", path);
	}
	free(dir);
	s->path = s->address.sun_path;
	snprintf(s->lock_path, sizeof(s->lock_path), "%s.lock", s->path);
	return 0;
}

/* A time that poll() takes */
static bool read_ms(const char *text, int *ms)
{
	unsigned long value;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || *end || value > INT_MAX)
		return false;
	*ms = (int)value;
	return true;
}

int main(int argc, char **argv)
{
	struct server s = {.socket = -1, .idle_ms = DEFAULT_IDLE_MS};
	bool foreground = false;
	int n, ret;

	for (n = 1; n < argc - 1; n++) {
		if (strcmp(argv[n], "--foreground") == 0)
			foreground = true;
		else if (strcmp(argv[n], "--idle-ms") == 0 && n + 1 < argc - 1 &&
			 read_ms(argv[n + 1], &s.idle_ms))
			n++;
		else
			break;
	}
	if (n != argc - 1 || argv[n][0] == '-' || !argv[n][0]) {
		fprintf(stderr, "usage: jailhouse-sim-server [--foreground] [--idle-ms "
				"MILLISECONDS] SOCKET\n");
		return 2;
	}
	umask(077);
	if (set_path(&s, argv[n]))
		return EXIT_FAILURE;
	ret = start(&s, foreground);
	return ret == 1 ? run(&s) : ret == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
