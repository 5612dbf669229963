using RemoteMcp.Storage;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.Tests.Storage;

/// <summary>A store that records its sweeps. A test can set their results.</summary>
internal sealed class RecordingStore(IStateStore inner) : DelegatingStateStore(inner)
{
    public List<(string Table, string? Continuation)> Swept { get; } = [];

    public int Deleted { get; private set; }

    public Func<string, string?, StateSweep>? SweepAnswer { get; set; }

    public override async Task<StateSweep> SweepAsync(string table, string? continuation, CancellationToken cancellationToken)
    {
        Swept.Add((table, continuation));
        var sweep = SweepAnswer is null ? await base.SweepAsync(table, continuation, cancellationToken) : SweepAnswer(table, continuation);
        Deleted += sweep.Deleted;
        return sweep;
    }
}
