#pragma once

namespace sensornode {

/** The device restarts when a task that is watched does not feed the watchdog for 30 s. */
void startWatchdog();
/** From now on the calling task is watched. */
void watchThisTask();
void feedWatchdog();

}  // namespace sensornode
