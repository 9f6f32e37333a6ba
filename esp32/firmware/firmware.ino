// The sketch that the Arduino IDE opens; the program is in src/.
#include "src/board/app.h"

void setup() { sensornode::begin(); }

void loop() { sensornode::turn(); }
