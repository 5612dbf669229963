using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>A store that records its transactions, and that a test can make unavailable.</summary>
internal sealed class ObservedStore(IStateStore inner) : DelegatingStateStore(inner)
{
    private readonly ConcurrentQueue<string> _transactions = new();
    private volatile bool _isDown;

    /// <summary>Gets the transactions, for example <c>FIND Grants</c>.</summary>
    public IReadOnlyList<string> Transactions => [.. _transactions];

    /// <summary>Gets or sets whether every operation fails.</summary>
    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    public void Forget() => _transactions.Clear();

    public override async IAsyncEnumerable<StateRow> QueryAsync(
        string table, string partition, StateRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Record("QUERY", table);
        await foreach (var row in base.QueryAsync(table, partition, range, cancellationToken))
        {
            yield return row;
        }
    }

    protected override Task<T> SendAsync<T>(string operation, string table, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        Record(operation, table);
        return base.SendAsync(operation, table, send, cancellationToken);
    }

    private void Record(string operation, string table)
    {
        if (_isDown)
        {
            throw new StateUnavailableException("The storage is down.", TimeSpan.FromSeconds(3));
        }

        _transactions.Enqueue($"{operation} {table}");
    }
}
