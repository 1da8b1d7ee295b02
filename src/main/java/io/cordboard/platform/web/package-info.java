/** What every HTTP answer of Cordboard has in common: problem details, limits, health, the description of the API. */
@NullMarked
package io.cordboard.platform.web;

import org.jspecify.annotations.NullMarked;
