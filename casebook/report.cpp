#include "casebook/report.hpp"

#include "core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace mfo::casebook {

namespace {

/// Lines of a text, each behind `indent` spaces.
void append_lines(std::string& out, std::size_t indent, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += fmt::format("{:{}}{}\n", "", indent, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// `label`, and a text of one or more lines beside it.
void append_labelled(std::string& out, std::size_t indent,
                     std::string_view label, std::string_view text) {
  const auto end = std::min(text.find('\n'), text.size());
  out += fmt::format("{:{}}{:<9}{}\n", "", indent, label, text.substr(0, end));
  if (end < text.size())
    append_lines(out, indent + 2, text.substr(end + 1));
}

/// XML 1.0, section 2.2: what may be in a document at all.
bool may_stand(char c) noexcept {
  const auto code = static_cast<unsigned char>(c);
  return code >= 0x20U || c == '\n' || c == '\t' || c == '\r';
}

std::string xml_text(std::string_view text) {
  auto out = core::markup_escaped(text);
  std::ranges::replace_if(
      out, [](char c) { return !may_stand(c); }, '?');
  return out;
}

/// The first thing that is wrong, in a line.
std::string summary(const case_result& result) {
  for (const auto& each : result.steps) {
    if (!each.trouble.empty())
      return each.trouble;
    if (!each.mismatches.empty()) {
      const auto& first = each.mismatches.front();
      return fmt::format("{}: expected {}, got {}", first.what, first.expected,
                         first.got.substr(0, first.got.find('\n')));
    }
  }
  return {};
}

void append_case(std::string& out, const case_result& result) {
  out += fmt::format(
      "    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"",
      xml_text(result.file), xml_text(result.name), result.took.count());
  if (result.good()) {
    out += "/>\n";
    return;
  }
  out += fmt::format(">\n      <failure message=\"{}\">{}:{}\n{}</failure>\n"
                     "    </testcase>\n",
                     xml_text(summary(result)), xml_text(result.file),
                     result.line, xml_text(differences(result, 0)));
}

using result_iterator = std::vector<case_result>::const_iterator;

void append_suite(std::string& out, result_iterator begin,
                  result_iterator end) {
  const auto failures =
      std::count_if(begin, end, [](const auto& each) { return !each.good(); });
  std::chrono::duration<double> took{0};
  for (auto each = begin; each != end; ++each)
    took += each->took;
  out +=
      fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" "
                  "errors=\"0\" time=\"{:.3f}\">\n",
                  xml_text(begin->file), end - begin, failures, took.count());
  for (auto each = begin; each != end; ++each)
    append_case(out, *each);
  out += "  </testsuite>\n";
}

} // namespace

bool case_result::good() const {
  return std::ranges::all_of(steps, [](const auto& each) {
    return each.trouble.empty() && each.mismatches.empty();
  });
}

std::string differences(const case_result& result, std::size_t indent) {
  std::string out;
  for (std::size_t i = 0; i < result.steps.size(); ++i) {
    const auto& step = result.steps[i];
    if (step.trouble.empty() && step.mismatches.empty())
      continue;
    auto inner = indent;
    if (result.planned > 1) {
      append_lines(out, indent, fmt::format("in step {}", i + 1));
      inner += 2;
    }
    append_lines(out, inner, step.trouble);
    for (const auto& each : step.mismatches) {
      append_lines(out, inner, each.what);
      append_labelled(out, inner + 2, "expected", each.expected);
      append_labelled(out, inner + 2, "got", each.got);
    }
  }
  return out;
}

std::string junit_xml(const std::vector<case_result>& results) {
  const auto failures = std::ranges::count_if(
      results, [](const auto& each) { return !each.good(); });
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"mfo-node test\" tests=\"{}\" "
                     "failures=\"{}\">\n",
                     results.size(), failures);
  for (auto begin = results.begin(); begin != results.end();) {
    const auto end = std::find_if(begin, results.end(), [&](const auto& each) {
      return each.file != begin->file;
    });
    append_suite(out, begin, end);
    begin = end;
  }
  return out + "</testsuites>\n";
}

} // namespace mfo::casebook
