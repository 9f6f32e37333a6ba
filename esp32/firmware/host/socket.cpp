#include "socket.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <utility>

namespace sensornode {

namespace {

constexpr int kTimeoutSeconds = 5;

/** A descriptor that is closed with its owner. */
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number() const { return number_; }
  bool isOpen() const { return number_ >= 0; }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_;
};

bool isReadable(int descriptor, int timeoutMs) {
  pollfd waiting = {descriptor, POLLIN, 0};
  return poll(&waiting, 1, timeoutMs) > 0;
}

class TcpSocket : public Socket {
 public:
  explicit TcpSocket(int number) : descriptor_(number) {}

  bool write(const std::string& octets) override {
    std::size_t sent = 0;
    while (sent < octets.size()) {
      const ssize_t part = send(descriptor_.number(), octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
      if (part <= 0) {
        descriptor_.close();
        return false;
      }
      sent += static_cast<std::size_t>(part);
    }
    return true;
  }

  std::string read(std::size_t most, int timeoutMs) override {
    if (!descriptor_.isOpen() || !isReadable(descriptor_.number(), timeoutMs)) return "";
    std::string octets(most, '\0');
    const ssize_t got = recv(descriptor_.number(), &octets[0], most, 0);
    if (got <= 0) {
      descriptor_.close();
      return "";
    }
    octets.resize(static_cast<std::size_t>(got));
    return octets;
  }

  bool isOpen() const override { return descriptor_.isOpen(); }

 private:
  Descriptor descriptor_;
};

struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

/** RFC 2818 §3.1: an address must stand in the certificate as an address. */
bool expectName(SSL* ssl, const std::string& host) {
  unsigned char octets[16];
  const bool isAddress = inet_pton(AF_INET, host.c_str(), octets) == 1 || inet_pton(AF_INET6, host.c_str(), octets) == 1;
  if (isAddress) return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  return SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
}

std::string tlsFailure(SSL* ssl) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  char text[160];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  return text;
}

class TlsSocket : public Socket {
 public:
  TlsSocket(int number, Context context, Ssl ssl)
      : descriptor_(number), context_(std::move(context)), ssl_(std::move(ssl)) {
    SSL_set_fd(ssl_.get(), number);
  }

  /** Shakes hands with whoever proves to be `host`; false and a reason otherwise. */
  bool shakeHands(const std::string& host, std::string& reason) {
    if (expectName(ssl_.get(), host) && SSL_connect(ssl_.get()) == 1) return true;
    reason = tlsFailure(ssl_.get());
    return false;
  }

  bool write(const std::string& octets) override {
    if (!isOpen()) return false;
    if (SSL_write(ssl_.get(), octets.data(), static_cast<int>(octets.size())) > 0) return true;
    descriptor_.close();
    return false;
  }

  std::string read(std::size_t most, int timeoutMs) override {
    if (!isOpen()) return "";
    if (SSL_pending(ssl_.get()) == 0 && !isReadable(descriptor_.number(), timeoutMs)) return "";
    std::string octets(most, '\0');
    const int got = SSL_read(ssl_.get(), &octets[0], static_cast<int>(most));
    if (got <= 0) {
      // What was readable may have been a record of TLS itself, such as a session ticket.
      if (SSL_get_error(ssl_.get(), got) != SSL_ERROR_WANT_READ) descriptor_.close();
      return "";
    }
    octets.resize(static_cast<std::size_t>(got));
    return octets;
  }

  bool isOpen() const override { return descriptor_.isOpen(); }

 private:
  Descriptor descriptor_;
  Context context_;
  Ssl ssl_;
};

int connected(const std::string& host, std::uint16_t port, std::string& reason) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failure != 0) {
    reason = gai_strerror(failure);
    return -1;
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses(found, freeaddrinfo);
  reason = "no address answers";
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    const int number = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (number < 0) continue;
    const timeval patience = {kTimeoutSeconds, 0};
    setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(number, address->ai_addr, address->ai_addrlen) == 0) return number;
    close(number);
  }
  return -1;
}

bool trustOnly(SSL_CTX* context, const std::string& ca) {
  const std::unique_ptr<BIO, int (*)(BIO*)> source(BIO_new_mem_buf(ca.data(), static_cast<int>(ca.size())), BIO_free);
  const std::unique_ptr<X509, void (*)(X509*)> certificate(
      PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr), X509_free);
  return certificate != nullptr && X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) == 1;
}

}  // namespace

std::unique_ptr<Socket> openTcp(const std::string& host, std::uint16_t port, std::string& reason) {
  const int number = connected(host, port, reason);
  return std::unique_ptr<Socket>(number < 0 ? nullptr : new TcpSocket(number));
}

std::unique_ptr<Socket> openTls(const std::string& host, std::uint16_t port, const std::string& ca,
                                std::string& reason) {
  Context context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (!trustOnly(context.get(), ca)) {
    reason = "the CA certificate cannot be read";
    return nullptr;
  }
  Ssl ssl(SSL_new(context.get()));
  const int number = connected(host, port, reason);
  if (number < 0) return nullptr;
  std::unique_ptr<TlsSocket> stream(new TlsSocket(number, std::move(context), std::move(ssl)));
  if (!stream->shakeHands(host, reason)) return nullptr;
  return std::unique_ptr<Socket>(stream.release());
}

}  // namespace sensornode
