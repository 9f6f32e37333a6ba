#pragma once

#include <cstdint>

using esp_err_t = int;

esp_err_t esp_task_wdt_init(std::uint32_t timeoutSeconds, bool panic);
esp_err_t esp_task_wdt_add(void* task);
esp_err_t esp_task_wdt_reset();
