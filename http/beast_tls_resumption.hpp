#pragma once

#include <boost/asio/ssl/context.hpp>

#include <chrono>

/// TLS sessions, resumed (RFC 8446, section 2.2; RFC 5077): a new connection
/// to the origin takes up the last session and saves the certificates, their
/// verification and a round trip or two. No early data (0-RTT) is ever sent.
///
/// A resumed session stands on the verification of the handshake that it began
/// with. It may, because a context has one origin, one set of trusted
/// authorities and one CRL from beginning to end; and it ends
/// `max_session_age` after that handshake, however often it was resumed, so
/// that a certificate that has expired is found out.
///
/// One session is kept for a context, in the context; all of it on the thread
/// on which the context's connections run.
namespace mfo::http {

/// From the handshake that verified the server's certificate.
constexpr std::chrono::minutes max_session_age{60};

/// From now on the context keeps the last session that a server gave it.
void keep_session(boost::asio::ssl::context& context);

/// Before every handshake: asks the server to resume the kept session, if any.
void offer_session(SSL* connection, std::chrono::steady_clock::time_point now);

/// After a handshake that failed: the next one is a whole one.
void forget_session(SSL* connection);

} // namespace mfo::http
