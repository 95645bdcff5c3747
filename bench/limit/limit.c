/*
 * What producing and fetching cost when nothing else is done: a program that takes the bytes that a broker takes, and does
 * with them what no broker can leave out.
 *
 *     limit FILE
 *
 * Listens on a port of its own at 127.0.0.1 and says which. Serves one connection after the other. Of each Produce request
 * (version 9, one batch) it checks the batch's CRC-32C and writes the batch to FILE, which is made anew: what has arrived
 * goes out as one write of up to a mebibyte and one fdatasync, then it is answered. Any other request but ApiVersions is
 * answered with the next mebibyte of FILE, by sendfile. It knows no topics, offsets, indexes or errors, and ends at its
 * first surprise, but for a peer that leaves before it has read all that it asked for.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <nmmintrin.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MIB = 1 << 20, BUFFER = 16 * MIB, GROUP = 256, PRODUCE = 0, API_VERSIONS = 18 };

/* Size, correlation id 1, and nothing that a load looks at but the error code 0. */
static const uint8_t VERSIONS_ANSWER[16] = {0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 1};
static const uint8_t PRODUCE_ANSWER[51] = {0, 0, 0, 47, 0, 0, 0, 1, 0, 2, 1, 2, [42] = 1};

static uint8_t buffer[BUFFER];

static void check(int good, const char *what) {
  if (good) return;
  perror(what);
  exit(1);
}

static uint32_t int32_at(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return ntohl(value);
}

static uint64_t uvarint(const uint8_t **at) {
  uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t byte = *(*at)++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

static uint32_t crc32c(const uint8_t *at, size_t count) {
  uint64_t crc = 0xffffffff, word;
  for (; count >= 8; at += 8, count -= 8) {
    memcpy(&word, at, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  while (count-- > 0) crc = _mm_crc32_u8(crc, *at++);
  return ~(uint32_t)crc;
}

/* The batch of a Produce request, behind the head and the one topic and partition that it names. */
static struct iovec batch_of(const uint8_t *frame) {
  const uint8_t *at = frame + 8;
  at += 2 + (at[0] << 8 | at[1]) + 1; /* client id, tags */
  at += 1 + 2 + 4 + 1;                /* no transactional id, acks, timeout, one topic */
  size_t name = uvarint(&at) - 1;
  at += name + 1 + 4;                 /* one partition, its index */
  size_t count = uvarint(&at) - 1;
  check(int32_at(at + 17) == crc32c(at + 21, count - 21), "a batch's checksum");
  return (struct iovec){(void *)at, count};
}

static void send_all(int peer, const void *bytes, size_t count) {
  check(send(peer, bytes, count, 0) == (ssize_t)count, "send");
}

/* Whether the peer was there to take it. */
static int send_mebibyte(int peer, int file) {
  static off_t at;
  struct stat status;
  fstat(file, &status);
  if (at + MIB > status.st_size) at = 0;
  off_t end = at + (status.st_size < MIB ? status.st_size : MIB);
  uint32_t size = htonl(end - at);
  if (send(peer, &size, 4, MSG_MORE) != 4) return 0;
  while (at < end)
    if (sendfile(peer, file, &at, end - at) <= 0) return 0;
  return 1;
}

static void flush(int peer, int file, struct iovec *batches, int count) {
  static uint8_t answers[GROUP * sizeof PRODUCE_ANSWER];
  if (count == 0) return;
  ssize_t bytes = 0;
  for (int index = 0; index < count; index++) {
    bytes += batches[index].iov_len;
    memcpy(answers + index * sizeof PRODUCE_ANSWER, PRODUCE_ANSWER, sizeof PRODUCE_ANSWER);
  }
  check(writev(file, batches, count) == bytes, "write");
  check(fdatasync(file) == 0, "fdatasync");
  send_all(peer, answers, count * sizeof PRODUCE_ANSWER);
}

static void serve(int peer, int file) {
  size_t filled = 0;
  for (;;) {
    ssize_t got = recv(peer, buffer + filled, MIB, 0);
    if (got <= 0) return;
    filled += got;
    struct iovec batches[GROUP];
    size_t at = 0, bytes = 0;
    int count = 0;
    while (filled - at >= 4 && filled - at - 4 >= int32_at(buffer + at)) {
      const uint8_t *frame = buffer + at + 4;
      int key = frame[0] << 8 | frame[1];
      at += 4 + int32_at(buffer + at);
      if (key == API_VERSIONS) send_all(peer, VERSIONS_ANSWER, sizeof VERSIONS_ANSWER);
      else if (key != PRODUCE) {
        if (!send_mebibyte(peer, file)) return;
      } else bytes += (batches[count++] = batch_of(frame)).iov_len;
      if (count < GROUP && bytes < MIB) continue;
      flush(peer, file, batches, count);
      count = bytes = 0;
    }
    flush(peer, file, batches, count);
    memmove(buffer, buffer + at, filled -= at);
    check(filled <= BUFFER - MIB, "a frame of less than 15 MiB");
  }
}

int main(int argc, char **argv) {
  check(argc == 2, "limit FILE");
  signal(SIGPIPE, SIG_IGN);
  int file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0644);
  check(file >= 0, argv[1]);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t length = sizeof address;
  check(bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 8) == 0, "listen");
  check(getsockname(listener, (struct sockaddr *)&address, &length) == 0, "getsockname");
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int peer = accept(listener, NULL, NULL);
    check(peer >= 0, "accept");
    serve(peer, file);
    close(peer);
  }
}
