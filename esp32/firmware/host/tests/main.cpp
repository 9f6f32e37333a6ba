#include "check.h"

int main() {
  for (const check::Test& test : check::tests()) {
    const int before = check::failures();
    test.body();
    std::cout << (check::failures() == before ? "ok      " : "NOT OK  ") << test.name << '\n';
  }
  std::cout << check::tests().size() << " tests, " << check::failures() << " failures\n";
  return check::failures() == 0 ? 0 : 1;
}
