package io.cordboard.call;

import io.cordboard.shared.AgentId;
import io.cordboard.shared.CallId;
import io.cordboard.shared.CustomerId;
import io.cordboard.shared.Ids;
import io.cordboard.shared.LegId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call whose row is locked by the current transaction. Changes made here are written once, when the transaction
 * commits; get it anew in every transaction.
 */
public final class OpenCall {

    private final CallId id;
    private final String provider;
    private final String from;
    private final String to;
    private final Instant startedAt;
    private LegId callerLeg;
    private @Nullable CustomerId customer;
    private CallState state;
    private @Nullable String processInstance;
    private @Nullable String awaitingToken;
    private @Nullable String awaitingExecution;
    private @Nullable Instant connectedAt;
    private @Nullable Instant endedAt;
    private @Nullable String endReason;
    private @Nullable AgentId agent;
    private @Nullable String disposition;
    private boolean agentStays;
    private boolean awaitsCallBack;
    private RingPlan ringPlan = RingPlan.USUAL;
    private Hold hold = Hold.NEVER;
    private boolean changed;

    OpenCall(CallId id, String provider, String from, String to, Instant startedAt, LegId callerLeg, CallState state) {
        this.id = id;
        this.provider = provider;
        this.from = from;
        this.to = to;
        this.startedAt = startedAt;
        this.callerLeg = callerLeg;
        this.state = state;
    }

    void loaded(
            @Nullable CustomerId customer,
            @Nullable String processInstance,
            @Nullable String awaitingToken,
            @Nullable String awaitingExecution,
            @Nullable Instant connectedAt,
            @Nullable Instant endedAt,
            @Nullable String endReason,
            @Nullable AgentId agent,
            @Nullable String disposition,
            boolean agentStays,
            boolean awaitsCallBack,
            RingPlan ringPlan,
            Hold hold) {
        this.customer = customer;
        this.processInstance = processInstance;
        this.awaitingToken = awaitingToken;
        this.awaitingExecution = awaitingExecution;
        this.connectedAt = connectedAt;
        this.endedAt = endedAt;
        this.endReason = endReason;
        this.agent = agent;
        this.disposition = disposition;
        this.agentStays = agentStays;
        this.awaitsCallBack = awaitsCallBack;
        this.ringPlan = ringPlan;
        this.hold = hold;
    }

    public CallId id() {
        return id;
    }

    public String provider() {
        return provider;
    }

    public String from() {
        return from;
    }

    public String to() {
        return to;
    }

    public Instant startedAt() {
        return startedAt;
    }

    public LegId callerLeg() {
        return callerLeg;
    }

    public CallState state() {
        return state;
    }

    /** Empty until the number called was found to belong to somebody. */
    public Optional<CustomerId> customer() {
        return Optional.ofNullable(customer);
    }

    public Optional<String> processInstance() {
        return Optional.ofNullable(processInstance);
    }

    public Optional<AgentId> agent() {
        return Optional.ofNullable(agent);
    }

    public Optional<String> endReason() {
        return Optional.ofNullable(endReason);
    }

    /** Whether the caller is gone for good. */
    public boolean over() {
        return endedAt != null;
    }

    /** Whether the caller ever talked to an agent. */
    public boolean wasConnected() {
        return connectedAt != null;
    }

    public void belongsTo(CustomerId owner) {
        customer = owner;
        changed = true;
    }

    public void runsAs(String processInstanceId) {
        processInstance = processInstanceId;
        changed = true;
    }

    public void becomes(CallState next) {
        changed |= state != next;
        state = next;
        if (next != CallState.TALKING) {
            onHold(hold.over());
        }
    }

    /**
     * From now on the flow waits for the caller's answer.
     *
     * @param execution what {@link #answer} gives back
     * @return the token that the answer must carry, so that a late answer to an older question is not mistaken for it
     */
    public String awaitAnswer(String execution) {
        awaitingToken = Ids.next().toString().substring(24);
        awaitingExecution = execution;
        changed = true;
        return awaitingToken;
    }

    /** The execution that waits for this token; empty when the flow has moved on. It no longer waits afterwards. */
    public Optional<String> answer(String token) {
        return token.equals(awaitingToken) ? stopAwaiting() : Optional.empty();
    }

    /** The execution that waits for the caller, whatever the token; empty when none does. It no longer waits afterwards. */
    public Optional<String> stopAwaiting() {
        Optional<String> execution = Optional.ofNullable(awaitingExecution);
        changed |= execution.isPresent();
        awaitingToken = null;
        awaitingExecution = null;
        return execution;
    }

    public void takenBy(AgentId taker) {
        agent = taker;
        changed = true;
    }

    /** How the agent who took the call is rung. */
    public RingPlan ringPlan() {
        return ringPlan;
    }

    /** The agent who takes the call next, and only they, is rung like this. */
    public void ringsBy(RingPlan plan) {
        changed |= !plan.equals(ringPlan);
        ringPlan = plan;
    }

    /** The agent did not come to the phone. */
    public void givenBack() {
        agent = null;
        ringPlan = RingPlan.USUAL;
        changed = true;
    }

    public void connected(Instant at) {
        connectedAt = at;
        ringPlan = RingPlan.USUAL;
        becomes(CallState.TALKING);
        changed = true;
    }

    /** When the caller hangs up, the talk is not over: the agent stays in the conference until they end it. */
    public void letAgentStay() {
        agentStays = true;
        changed = true;
    }

    public boolean agentStays() {
        return agentStays;
    }

    /** The caller need not stay on the line: they are called back, and until then the call goes on without them. */
    public void promiseCallBack() {
        awaitsCallBack = true;
        becomes(CallState.AWAITING_CALL_BACK);
        changed = true;
    }

    /** Whether the caller was promised to be called back, and is not on the line yet. */
    public boolean awaitsCallBack() {
        return awaitsCallBack;
    }

    /** @param line a new one, which is being dialled */
    public void callsBackOn(LegId line) {
        callerLeg = line;
        becomes(CallState.CALLING_CALLER);
    }

    /** The caller picked up. */
    public void callerIsBack() {
        awaitsCallBack = false;
        changed = true;
    }

    /** Whether the caller is on hold; over with the talk, and with the caller. */
    public Hold hold() {
        return hold;
    }

    public void onHold(Hold next) {
        changed |= !hold.equals(next);
        hold = next;
    }

    /** The caller is gone. */
    public void callerGone(Instant at) {
        if (endedAt == null) {
            endedAt = at;
            changed = true;
            onHold(hold.over());
        }
    }

    /** Why the call ends; the first reason stays. */
    public void endsBecause(String reason) {
        if (endReason == null) {
            endReason = reason;
            changed = true;
        }
    }

    public void disposedAs(String result) {
        disposition = result;
        changed = true;
    }

    boolean takeChanges() {
        boolean had = changed;
        changed = false;
        return had;
    }

    @Nullable
    Instant endedAt() {
        return endedAt;
    }

    @Nullable
    Instant connectedAt() {
        return connectedAt;
    }

    @Nullable
    String awaitingToken() {
        return awaitingToken;
    }

    @Nullable
    String awaitingExecution() {
        return awaitingExecution;
    }

    @Nullable
    Integer ringMillis() {
        Duration ringFor = ringPlan.ringFor();
        return ringFor == null ? null : Math.toIntExact(ringFor.toMillis());
    }

    @Nullable
    String disposition() {
        return disposition;
    }
}
