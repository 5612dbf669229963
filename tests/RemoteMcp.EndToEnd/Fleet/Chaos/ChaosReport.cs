using System.Collections.Concurrent;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>The outcome of a call, as its client sees it.</summary>
internal enum Outcome
{
    Answered,
    AnsweredAfterResume,

    /// <summary>The client received an error in the form of the protocol. An error that allows a retry says when to retry.</summary>
    FailedClearly,

    /// <summary>The connection broke and the client has nothing to resume, so it knows that no response will arrive.</summary>
    Disconnected,

    /// <summary>The client received a refusal without a JSON-RPC error, or 503 without Retry-After.</summary>
    FailedUnclearly,

    /// <summary>The client received neither a result nor an error within the limit.</summary>
    Hung,

    /// <summary>A result, a prompt, or progress belongs to a different call, arrived twice, or is missing.</summary>
    WrongOrCrossed,

    /// <summary>The server did not find a session that no client had ended.</summary>
    SessionLost,
}

/// <summary>Counts the outcomes for all clients of a chaos run.</summary>
internal sealed class ChaosReport
{
    private readonly ConcurrentDictionary<Outcome, int> _outcomes = new();
    private readonly ConcurrentDictionary<string, int> _details = new();
    private int _kills;

    public int this[Outcome outcome] => _outcomes.GetValueOrDefault(outcome);

    public int Kills => _kills;

    public int Calls => _outcomes.Values.Sum();

    /// <summary>Counts a call.</summary>
    /// <param name="outcome">The outcome of the call.</param>
    /// <param name="detail">The kind of call, and how it failed.</param>
    public void Add(Outcome outcome, string detail)
    {
        _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
        _details.AddOrUpdate($"{outcome}: {detail}", 1, static (_, count) => count + 1);
    }

    public void AddKill() => Interlocked.Increment(ref _kills);

    /// <summary>Asserts that the outcomes that no fault may cause did not occur.</summary>
    public void AssertNoForbiddenOutcome()
    {
        Assert.Equal(0, this[Outcome.Hung]);
        Assert.Equal(0, this[Outcome.WrongOrCrossed]);
        Assert.Equal(0, this[Outcome.SessionLost]);
        Assert.Equal(0, this[Outcome.FailedUnclearly]);
    }

    public override string ToString() =>
        $"""
        instances killed                 {Kills}
        calls made                       {Calls}
        answered                         {this[Outcome.Answered]}
        answered after resume            {this[Outcome.AnsweredAfterResume]}
        failed with a clear error        {this[Outcome.FailedClearly]}
        connection broken, not resumable {this[Outcome.Disconnected]}
        failed unclearly (must be 0)     {this[Outcome.FailedUnclearly]}
        hung (must be 0)                 {this[Outcome.Hung]}
        wrong or crossed (must be 0)     {this[Outcome.WrongOrCrossed]}
        sessions lost (must be 0)        {this[Outcome.SessionLost]}

        {string.Join('\n', _details.OrderBy(static detail => detail.Key).Select(static detail => $"{detail.Value,6}  {detail.Key}"))}
        """;
}
