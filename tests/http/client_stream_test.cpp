// Bodies handed over as they come.

#include "tests/support/http_client_runner.hpp"
#include "tests/support/http_script_server.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <mutex>
#include <semaphore>

namespace mfo::http {
namespace {

using namespace mfo::test;
using namespace std::chrono_literals;

constexpr std::string_view chunked_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

std::string chunk_of(std::string_view text) {
  std::ostringstream size;
  size << std::hex << text.size();
  return size.str() + "\r\n" + std::string{text} + "\r\n";
}

/// What came of a stream so far.
class collector {
public:
  data_callback callback() {
    return [this](std::string_view piece) {
      std::lock_guard guard{mutex_};
      text_.append(piece);
      ++pieces_;
    };
  }

  std::string text() const {
    std::lock_guard guard{mutex_};
    return text_;
  }

  int pieces() const {
    std::lock_guard guard{mutex_};
    return pieces_;
  }

private:
  mutable std::mutex mutex_;
  std::string text_;
  int pieces_ = 0;
};

client_request streamed(collector& to) {
  auto request = post();
  request.on_data = to.callback();
  return request;
}

TEST(client_stream, hands_over_each_event_before_the_next_is_sent) {
  collector got;
  script_server server{[&](server_peer& peer, int) {
    peer.read_request();
    peer.write(chunked_head);
    std::string so_far;
    for (const std::string event :
         {"data: 1\n\n", "data: 2\n\n", "data: 3\n\n"}) {
      peer.write(chunk_of(event));
      so_far += event;
      if (!eventually([&] { return got.text() == so_far; }))
        return;
    }
    peer.write("0\r\n\r\n");
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto result = ask(*client, streamed(got));
  EXPECT_THAT(result, is_reply(200, ""));
  EXPECT_EQ(result->headers.first("Content-Type"), "text/event-stream");
  EXPECT_EQ(got.text(), "data: 1\n\ndata: 2\n\ndata: 3\n\n");
}

TEST(client_stream, takes_single_bytes_of_chunks_and_of_their_frames) {
  collector got;
  script_server server{[](server_peer& peer, int) {
    while (peer.read_request()) {
      std::string all{chunked_head};
      for (const char c : std::string{"one by one"})
        all += chunk_of({&c, 1});
      all += "0\r\n\r\n";
      for (const char c : all)
        peer.write({&c, 1});
    }
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, streamed(got)), is_reply(200, ""));
  EXPECT_THAT(ask(*client, streamed(got)), is_reply(200, ""));
  EXPECT_EQ(got.text(), "one by oneone by one");
  EXPECT_EQ(got.pieces(), 20);
  EXPECT_EQ(server.connections(), 1);
}

TEST(client_stream, takes_bodies_of_every_framing) {
  for (const std::string head : {"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n",
                                 "HTTP/1.1 201 OK\r\n\r\n"}) {
    collector got;
    script_server server{[&](server_peer& peer, int) {
      peer.read_request();
      peer.write(head + "body");
    }};
    client_runner runner;
    auto client = runner.make(config_for(server.port()));
    auto result = ask(*client, streamed(got));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->body, "");
    EXPECT_EQ(got.text(), "body");
  }
}

TEST(client_stream, collects_the_body_of_any_other_reply) {
  collector got;
  script_server server{
      always("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nlate")};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, streamed(got)), is_reply(503, "late"));
  EXPECT_EQ(got.pieces(), 0);
}

TEST(client_stream, skips_interim_replies) {
  collector got;
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 103 Early\r\n\r\n" + reply_of("final"));
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, streamed(got)), is_reply(200, ""));
  EXPECT_EQ(got.text(), "final");
}

TEST(client_stream, reports_a_reset_in_the_middle) {
  collector got;
  script_server server{[&](server_peer& peer, int) {
    peer.read_request();
    peer.write(std::string{chunked_head} + chunk_of("begun"));
    eventually([&] { return got.text() == "begun"; });
    peer.reset();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, streamed(got)),
              testing::AllOf(is_error(client_errc::reply_broken), is_sent()));
  EXPECT_EQ(got.text(), "begun");
}

TEST(client_stream, reports_an_end_without_the_last_chunk) {
  collector got;
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(std::string{chunked_head} + chunk_of("begun"));
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  EXPECT_THAT(ask(*client, streamed(got)), is_error(client_errc::reply_broken));
  EXPECT_EQ(got.text(), "begun");
}

TEST(client_stream, ends_in_time_when_nothing_follows_the_header) {
  collector got;
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(chunked_head);
    peer.wait_for_close();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto request = streamed(got);
  request.timeout = 50ms;
  EXPECT_THAT(ask(*client, request), is_error(client_errc::timeout));
  EXPECT_EQ(got.pieces(), 0);
}

TEST(client_stream, has_the_requests_time_from_beginning_to_end) {
  collector got;
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(chunked_head);
    while (peer.write(chunk_of("."))) {
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_response = 2'000'000'000;
  auto client = runner.make(config);
  auto request = streamed(got);
  request.timeout = 100ms;
  EXPECT_THAT(ask(*client, request), is_error(client_errc::timeout));
  EXPECT_GT(got.pieces(), 0);
}

TEST(client_stream, is_bounded_in_total) {
  std::size_t got = 0;
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(chunked_head);
    while (peer.write(chunk_of(std::string(1'000, 'x')))) {
    }
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_response = 100'000;
  auto client = runner.make(config);
  auto request = post();
  request.on_data = [&](std::string_view piece) {
    got += piece.size();
  };
  EXPECT_THAT(ask(*client, request), is_error(client_errc::reply_too_large));
  EXPECT_LE(got, 100'000u);
}

/// Bytes of this process that are in memory now.
std::size_t resident() {
  std::size_t all = 0;
  std::size_t pages = 0;
  std::ifstream{"/proc/self/statm"} >> all >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(client_stream, of_100_megabytes_needs_no_memory_for_them) {
  constexpr std::size_t size = 100 * 1024 * 1024;
  const std::string block(256 * 1024, 'x');
  script_server server{[&](server_peer& peer, int) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) +
               "\r\n\r\n");
    for (std::size_t i = 0; i < size / block.size(); ++i)
      peer.write(block);
  }};
  client_runner runner;
  auto config = config_for(server.port());
  config.max_response = 2 * size;
  auto client = runner.make(config);
  std::size_t got = 0;
  std::size_t largest = 0;
  std::size_t most_resident = 0;
  const auto before = resident();
  auto request = post();
  request.timeout = 60s;
  request.on_data = [&](std::string_view piece) {
    // Not with every piece: a sanitizer keeps what looking frees.
    constexpr std::size_t distance = 4 * 1024 * 1024;
    if (got / distance != (got + piece.size()) / distance)
      most_resident = std::max(most_resident, resident());
    got += piece.size();
    largest = std::max(largest, piece.size());
  };
  EXPECT_THAT(await(send(*client, request)), is_reply(200, ""));
  EXPECT_EQ(got, size);
  EXPECT_LE(largest, 128u * 1024);
  EXPECT_GT(most_resident, 0u);
  EXPECT_LT(most_resident, before + size / 4);
}

TEST(client_stream, hands_over_nothing_after_the_answer) {
  std::atomic<bool> answered{false};
  std::atomic<int> late{0};
  script_server server{[](server_peer& peer, int) {
    while (peer.read_request()) {
      peer.write(chunked_head);
      while (peer.write(chunk_of("more"))) {
      }
    }
  }};
  for (int i = 0; i < 50; ++i) {
    answered = false;
    client_runner runner;
    auto config = config_for(server.port());
    config.max_response = 2'000'000'000;
    auto client = runner.make(config);
    std::binary_semaphore begun{0};
    // Freed with the request: a piece that comes too late is found out.
    auto alive = std::make_shared<std::string>();
    auto request = post();
    request.on_data = [&, alive](std::string_view piece) {
      if (alive->empty())
        begun.release();
      alive->assign(piece);
      if (answered)
        ++late;
    };
    std::promise<client_result> end;
    client->send(std::move(request), [&](client_result result) {
      answered = true;
      end.set_value(std::move(result));
    });
    alive.reset();
    begun.acquire();
    client->close();
    EXPECT_THAT(await(end.get_future()), is_error(client_errc::closed));
  }
  EXPECT_EQ(late, 0);
}

TEST(client_stream, may_end_the_client_from_within) {
  script_server server{[](server_peer& peer, int) {
    peer.read_request();
    peer.write(std::string{chunked_head} + chunk_of("stop"));
    peer.wait_for_close();
  }};
  client_runner runner;
  auto client = runner.make(config_for(server.port()));
  auto request = post();
  request.on_data = [&](std::string_view) {
    client->close();
  };
  EXPECT_THAT(ask(*client, request),
              testing::AllOf(is_error(client_errc::closed), is_sent()));
}

} // namespace
} // namespace mfo::http
