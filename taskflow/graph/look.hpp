#pragma once

#include "taskflow/graph/picture.hpp"

#include <string_view>

/// How each kind of item looks, in every format.
namespace mfo::taskflow {

/// `#rrggbb`.
struct look {
  std::string_view fill;
  std::string_view line;
};

[[nodiscard]] constexpr look look_of(picture::kind what) noexcept {
  using enum picture::kind;
  switch (what) {
  case trigger:
    return {"#fff4d6", "#b57a00"};
  case server:
  case event:
    return {"#e3effa", "#0072b2"};
  case chat:
    return {"#f7e9f1", "#a8568a"};
  case http:
    return {"#e0f3ec", "#007d5c"};
  case person:
    return {"#fdfbd9", "#8a8100"};
  case condition:
    return {"#ffffff", "#333333"};
  case value:
  case wait:
  case subflow:
    return {"#f2f2f2", "#666666"};
  case raise:
    return {"#fbe6da", "#c04f00"};
  case flow:
    return {"#ffffff", "#333333"};
  case branch:
  case tried:
    return {"#ffffff", "#999999"};
  case rescue:
    return {"#fff6f0", "#c04f00"};
  case for_each:
  case loop:
  case fork:
  case attempt:
    break;
  }
  return {"#f8f8f8", "#777777"};
}

} // namespace mfo::taskflow
