#pragma once

#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

/** The least of a test frame: named tests, equality, and a count at the end. */
namespace check {

struct Test {
  std::string name;
  std::function<void()> body;
};

inline std::vector<Test>& tests() {
  static std::vector<Test> all;
  return all;
}

inline int& failures() {
  static int count = 0;
  return count;
}

struct Registration {
  Registration(const std::string& name, std::function<void()> body) { tests().push_back(Test{name, std::move(body)}); }
};

template <typename Actual, typename Expected>
void equal(const Actual& actual, const Expected& expected, const char* what, int line) {
  if (actual == expected) return;
  failures() += 1;
  std::cout << "  line " << line << ": " << what << "\n    is       " << actual << "\n    expected " << expected << '\n';
}

}  // namespace check

#define JOIN_AGAIN(first, second) first##second
#define JOIN(first, second) JOIN_AGAIN(first, second)
#define TEST(name)                                                                       \
  static void JOIN(test, __LINE__)();                                                    \
  static const check::Registration JOIN(registration, __LINE__)(name, JOIN(test, __LINE__)); \
  static void JOIN(test, __LINE__)()
#define EQUAL(actual, expected) check::equal((actual), (expected), #actual, __LINE__)
#define HOLDS(claim) check::equal(static_cast<bool>(claim), true, #claim, __LINE__)
