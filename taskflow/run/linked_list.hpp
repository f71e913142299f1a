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
    return list_ != nullptr;
  }

  /// Leaves the list in which it stands, if there is one.
  void unlist() noexcept {
    if (list_)
      list_->remove(static_cast<T&>(*this));
  }

protected:
  ~list_hook() {
    unlist();
  }

private:
  friend class linked_list<T>;

  linked_list<T>* list_ = nullptr;
  T* previous_ = nullptr;
  T* next_ = nullptr;
};

/// First in, first out; anything in it can leave at once. Allocates nothing and
/// owns nothing. Outlives what stands in it.
template <class T>
class linked_list {
public:
  linked_list() = default;
  linked_list(const linked_list&) = delete;
  linked_list& operator=(const linked_list&) = delete;

  [[nodiscard]] bool empty() const noexcept {
    return first_ == nullptr;
  }

  /// Null when empty.
  [[nodiscard]] T* front() const noexcept {
    return first_;
  }

  /// Requires: `entry` stands in no list.
  void push_back(T& entry) noexcept {
    list_hook<T>& hook = entry;
    hook.list_ = this;
    hook.previous_ = last_;
    (last_ ? hook_of(last_).next_ : first_) = &entry;
    last_ = &entry;
  }

  /// Null when empty.
  T* pop_front() noexcept {
    auto* entry = first_;
    if (entry)
      remove(*entry);
    return entry;
  }

  /// Requires: `entry` stands in this list.
  void remove(T& entry) noexcept {
    list_hook<T>& hook = entry;
    (hook.previous_ ? hook_of(hook.previous_).next_ : first_) = hook.next_;
    (hook.next_ ? hook_of(hook.next_).previous_ : last_) = hook.previous_;
    hook.list_ = nullptr;
    hook.previous_ = hook.next_ = nullptr;
  }

private:
  static list_hook<T>& hook_of(T* entry) noexcept {
    return *entry;
  }

  T* first_ = nullptr;
  T* last_ = nullptr;
};

} // namespace mfo::taskflow
