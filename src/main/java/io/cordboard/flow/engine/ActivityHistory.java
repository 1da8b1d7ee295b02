package io.cordboard.flow.engine;

import org.camunda.bpm.engine.impl.history.event.HistoryEvent;
import org.camunda.bpm.engine.impl.history.handler.DbHistoryEventHandler;

/**
 * Writes the history without reading it: the engine looks up when an activity began only to store how long it took, and
 * computes the same when somebody asks.
 */
final class ActivityHistory extends DbHistoryEventHandler {

    @Override
    protected void insertOrUpdate(HistoryEvent event) {
        var entities = getDbEntityManager();
        if (isInitialEvent(event)) {
            entities.insert(event);
        } else if (event.getId() != null && entities.getCachedEntity(event.getClass(), event.getId()) == null) {
            entities.merge(event);
        }
    }
}
