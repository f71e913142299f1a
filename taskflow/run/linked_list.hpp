#pragma once

namespace mfo::taskflow {

template <class T>
class linked_list;

/// Makes a `T : list_hook<T>` one that can stand in a linked_list<T>, in one at
/// a time. Leaves it when it is destroyed; must not be moved meanwhile.
template <class T>
class list_hook {
public:
  list_hook() = default;
  list_hook(const list_hook&) = delete;
  list_hook& operator=(const list_hook&) = delete;

  [[nodiscard]] bool listed() const noexcept {
    return next_ != nullptr;
  }

  /// Leaves the list in which it stands, if there is one.
  void unlist() noexcept {
    if (!listed())
      return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
  }

protected:
  ~list_hook() {
    unlist();
  }

private:
  friend class linked_list<T>;

  // A ring through the list itself, which need not be known to leave it.
  list_hook* previous_ = nullptr;
  list_hook* next_ = nullptr;
};

/// First in, first out; anything in it can leave at once. Allocates nothing and
/// owns nothing. Outlives what stands in it.
template <class T>
class linked_list : list_hook<T> {
public:
  linked_list() noexcept {
    this->previous_ = this->next_ = this;
  }

  [[nodiscard]] bool empty() const noexcept {
    return this->next_ == this;
  }

  /// Null when empty.
  [[nodiscard]] T* front() const noexcept {
    return empty() ? nullptr : static_cast<T*>(this->next_);
  }

  /// Requires: `entry` stands in no list.
  void push_back(T& entry) noexcept {
    list_hook<T>& hook = entry;
    hook.previous_ = this->previous_;
    hook.next_ = this;
    this->previous_->next_ = &hook;
    this->previous_ = &hook;
  }

  /// Null when empty.
  T* pop_front() noexcept {
    auto* entry = front();
    if (entry)
      entry->unlist();
    return entry;
  }
};

} // namespace mfo::taskflow
