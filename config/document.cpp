#include "config/document.hpp"

#include "config/text.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace mfo::config {

namespace {

/// Leaves yaml-cpp's parser, which knows no other way out of a handler.
struct refusal {
  place where;
  std::string message;
  std::string hint;
};

place place_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

/// Builds the tree from the parser's events.
class tree_builder final : public YAML::EventHandler {
public:
  void OnDocumentStart(const YAML::Mark&) override {}

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add_leaf(mark, anchor, node_kind::null, {});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchored_.find(anchor);
    if (found == anchored_.end())
      throw refusal{place_of(mark), "an alias inside of its own anchor", {}};
    count(mark, found->second.size);
    attach(found->second.value, place_of(mark), found->second.size);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    refuse_tag(mark, tag);
    add_leaf(mark, anchor, node_kind::scalar, value, tag == "!");
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, node_kind::sequence);
  }

  void OnSequenceEnd() override {
    close();
  }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, node_kind::map);
  }

  void OnMapEnd() override {
    close();
  }

  [[nodiscard]] node_ptr root() const {
    return root_;
  }

private:
  struct open_node {
    std::shared_ptr<node> value;
    YAML::anchor_t anchor;
    std::size_t size = 1; ///< nodes in it so far, aliases in full
    bool key_is_read = false;
  };

  struct anchored_node {
    node_ptr value;
    std::size_t size;
  };

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    // "?" stands for a plain value, "!" for a quoted one.
    if (!tag.empty() && tag != "?" && tag != "!")
      throw refusal{place_of(mark), "YAML tags are not supported",
                    "quote a value that starts with `!`"};
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    total_ += nodes;
    if (total_ > max_nodes)
      throw refusal{place_of(mark),
                    "more than " + std::to_string(max_nodes) +
                        " values, aliases counted in full",
                    {}};
  }

  void add_leaf(const YAML::Mark& mark, YAML::anchor_t anchor, node_kind kind,
                std::string text, bool quoted = false) {
    count(mark, 1);
    auto leaf = std::make_shared<node>();
    leaf->kind = kind;
    // The mark of an item that is not there is that of what comes next.
    const bool missing_item = kind == node_kind::null && !stack_.empty() &&
                              stack_.back().value->kind == node_kind::sequence;
    leaf->where = missing_item ? stack_.back().value->where : place_of(mark);
    leaf->text = std::move(text);
    leaf->quoted = quoted;
    finish(std::move(leaf), anchor, 1);
  }

  void open(const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor, node_kind kind) {
    refuse_tag(mark, tag);
    count(mark, 1);
    if (stack_.size() >= max_depth)
      throw refusal{place_of(mark),
                    "nested deeper than " + std::to_string(max_depth) +
                        " levels",
                    {}};
    auto value = std::make_shared<node>();
    value->kind = kind;
    value->where = place_of(mark);
    stack_.push_back({std::move(value), anchor});
  }

  void close() {
    auto done = std::move(stack_.back());
    stack_.pop_back();
    finish(std::move(done.value), done.anchor, done.size);
  }

  void finish(node_ptr value, YAML::anchor_t anchor, std::size_t size) {
    if (anchor != YAML::NullAnchor)
      anchored_[anchor] = {value, size};
    const auto where = value->where;
    attach(std::move(value), where, size);
  }

  /// Puts a complete node where it belongs: the root, an item, a key or the
  /// value of the key before it. `where` is where it is used.
  void attach(node_ptr value, place where, std::size_t size) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    auto& parent = stack_.back();
    parent.size += size;
    if (parent.value->kind == node_kind::sequence) {
      parent.value->items.push_back(std::move(value));
    } else if (parent.key_is_read) {
      parent.value->entries.back().value = std::move(value);
      parent.key_is_read = false;
    } else {
      if (value->kind != node_kind::scalar)
        throw refusal{where, "a key must be plain text", {}};
      parent.value->entries.push_back({where, value->text, nullptr});
      parent.key_is_read = true;
    }
  }

  node_ptr root_;
  std::vector<open_node> stack_;
  std::map<YAML::anchor_t, anchored_node> anchored_;
  std::size_t total_ = 0;
};

place place_at(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto last_break = before.rfind('\n');
  const auto column =
      last_break == std::string_view::npos ? offset + 1 : offset - last_break;
  return {static_cast<int>(line), static_cast<int>(column)};
}

/// Some of yaml-cpp's messages quote the file after a colon: an anchor's name,
/// an escape. That may be a part of a secret.
std::string without_quotation(const std::string& message) {
  return message.substr(0, message.find(':'));
}

/// What most probably led to a syntax error in that line.
std::string syntax_hint(std::string_view text, int line) {
  for (int i = 1; i < line; ++i)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  if (text.substr(0, text.find('\n')).find("${") != std::string_view::npos)
    return "within {…} and […], quote it: \"${NAME}\"";
  return "quote a value that holds or starts with a special character";
}

void refuse_bytes(std::string_view text) {
  if (const auto at = first_invalid_utf8(text))
    throw refusal{place_at(text, *at), "not UTF-8", "save the file as UTF-8"};
  if (const auto at = first_control_character(text))
    throw refusal{place_at(text, *at), "a control character", {}};
}

node_ptr parse(std::string_view text) {
  refuse_bytes(text);
  // yaml-cpp 0.7 takes a quoted value that is never closed if the file ends
  // with a line break. A comment in the last line, not ended, makes it look.
  std::istringstream input(std::string(text) +
                           (text.ends_with('\n') ? "#" : "\n#"));
  YAML::Parser parser(input);
  tree_builder builder;
  const bool found = parser.HandleNextDocument(builder);
  if (!found || builder.root()->kind == node_kind::null)
    throw refusal{{}, "no settings: the file is empty", {}};
  if (builder.root()->kind != node_kind::map)
    throw refusal{builder.root()->where, "settings must be `key: value` pairs",
                  "a space must follow the colon"};
  tree_builder rest;
  if (parser.HandleNextDocument(rest))
    throw refusal{rest.root()->where, "more than one YAML document", {}};
  return builder.root();
}

} // namespace

tl::expected<node_ptr, diagnostic>
parse_document(std::string_view text, const std::string& file_name) {
  const auto failed = [&](place where, std::string message, std::string hint) {
    return tl::make_unexpected(diagnostic{file_name,
                                          where.line,
                                          where.column,
                                          {},
                                          std::move(message),
                                          std::move(hint)});
  };
  try {
    return parse(text);
  } catch (const refusal& reason) {
    return failed(reason.where, reason.message, reason.hint);
  } catch (const YAML::Exception& error) {
    return failed(place_of(error.mark),
                  "not valid YAML: " + without_quotation(error.msg),
                  syntax_hint(text, error.mark.line + 1));
  }
}

} // namespace mfo::config
