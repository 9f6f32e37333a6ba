#pragma once

namespace sensornode {

/** Once, at power on. */
void begin();
/** Again and again. */
void turn();

}  // namespace sensornode
