using System.Collections.Concurrent;
using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Chaos;

/// <summary>What became of a call, as its client sees it.</summary>
internal enum Outcome
{
    Answered,
    AnsweredAfterResume,

    /// <summary>The client was told, in the protocol's shape; what is to be tried again later says when.</summary>
    FailedClearly,

    /// <summary>The connection broke with nothing to resume: the client knows that there is no answer.</summary>
    Disconnected,

    /// <summary>The client was refused without a JSON-RPC error, or with 503 and no Retry-After.</summary>
    FailedUnclearly,

    /// <summary>Neither an answer nor an error within the limit.</summary>
    Hung,

    /// <summary>An answer, a prompt or progress that is another call's, doubled or missing.</summary>
    WrongOrCrossed,

    /// <summary>A session that nobody ended was not found.</summary>
    SessionLost,
}

/// <summary>What all clients of a chaos run saw.</summary>
internal sealed class ChaosReport
{
    private readonly ConcurrentDictionary<Outcome, int> _outcomes = new();
    private readonly ConcurrentDictionary<string, int> _details = new();
    private int _kills;

    public int this[Outcome outcome] => _outcomes.GetValueOrDefault(outcome);

    public int Kills => _kills;

    public int Calls => _outcomes.Values.Sum();

    /// <summary>Counts a call.</summary>
    /// <param name="outcome">What became of it.</param>
    /// <param name="detail">Of which kind it was, and how it failed.</param>
    public void Add(Outcome outcome, string detail)
    {
        _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
        _details.AddOrUpdate($"{outcome}: {detail}", 1, static (_, count) => count + 1);
    }

    public void AddKill() => Interlocked.Increment(ref _kills);

    /// <summary>What must not be, whatever breaks.</summary>
    public void AssertNobodyWasHarmed()
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
