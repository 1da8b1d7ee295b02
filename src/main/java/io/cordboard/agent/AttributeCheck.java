package io.cordboard.agent;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CustomerId;
import java.util.List;

/** Asked when the attributes of an agent change, in the same transaction and after it: whoever relies on them may object. */
public interface AttributeCheck {

    /** @return why they cannot stay, a sentence each; empty for no objection */
    List<String> objections(CustomerId customer, AgentId agent);
}
