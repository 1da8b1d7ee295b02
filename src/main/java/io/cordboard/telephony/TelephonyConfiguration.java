package io.cordboard.telephony;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Configuration;

/** Makes the settings of this module known. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TelephonySettings.class)
class TelephonyConfiguration {}
