#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mfo::core {

/// The fields of a head, as sent: order and duplicates are kept. All of them
/// are in one buffer, so that they cost one allocation and not two a field.
class header_fields {
public:
  /// Name and value. Valid while the fields do not change.
  using value_type = std::pair<std::string_view, std::string_view>;

  class const_iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = header_fields::value_type;
    using difference_type = std::ptrdiff_t;
    using pointer = const value_type*;
    using reference = const value_type&;

    const_iterator() = default;

    /// Within the iterator, and not of one that is gone at once.
    reference operator*() const& noexcept {
      return at_;
    }
    reference operator*() const&& = delete;

    pointer operator->() const noexcept {
      return &at_;
    }

    const_iterator& operator++() noexcept {
      step();
      return *this;
    }

    const_iterator operator++(int) noexcept {
      auto before = *this;
      step();
      return before;
    }

    friend bool operator==(const const_iterator& a,
                           const const_iterator& b) noexcept {
      return a.left_ == b.left_;
    }

  private:
    friend class header_fields;

    explicit const_iterator(std::string_view bytes) noexcept : rest_(bytes) {
      step();
    }

    /// To the first field of the rest, or to the end.
    void step() noexcept;

    std::string_view rest_; ///< behind this field
    std::size_t left_ = 0;  ///< of the buffer, with this field; 0: the end
    value_type at_;
  };

  header_fields() = default;
  header_fields(std::initializer_list<value_type> fields);

  /// A field as received; `name` in any case. Fields may come several times.
  void add(std::string_view name, std::string_view value);

  /// In place of all that have this name, in any case.
  void set(std::string_view name, std::string_view value);

  /// The value of the only field of this name, in any case (RFC 9110, section
  /// 5.1). Nothing when there is none, and when there are several: nobody
  /// can say which one was meant. Valid while the fields do not change.
  [[nodiscard]] std::optional<std::string_view>
  find(std::string_view name) const noexcept;

  /// The value of the first field of this name, in any case; empty where there
  /// is none. Valid while the fields do not change.
  [[nodiscard]] std::string_view first(std::string_view name) const noexcept;

  [[nodiscard]] const_iterator begin() const noexcept {
    return const_iterator{bytes_};
  }

  [[nodiscard]] const_iterator end() const noexcept {
    return {};
  }

  [[nodiscard]] bool empty() const noexcept {
    return bytes_.empty();
  }

  /// Takes time for each.
  [[nodiscard]] std::size_t size() const noexcept {
    return static_cast<std::size_t>(std::distance(begin(), end()));
  }

  friend bool operator==(const header_fields&, const header_fields&) = default;

private:
  struct sizes {
    std::uint32_t name;
    std::uint32_t value;
  };

  std::string bytes_; ///< of each: its `sizes`, its name, its value
};

} // namespace mfo::core
