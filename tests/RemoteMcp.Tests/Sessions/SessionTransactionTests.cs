using RemoteMcp.Storage;
using RemoteMcp.Testing.Sessions;
using RemoteMcp.Tests.Storage;

namespace RemoteMcp.Tests.Sessions;

/// <summary>Tests the number of operations on <see cref="IStateStore"/> in memory.</summary>
public sealed class SessionTransactionTests : SessionTransactionsContract
{
    private readonly ControlledStore _store = new(new MemoryStateStore(TimeProvider.System));
    private readonly TaskCompletionSource _unblocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal override IReadOnlyList<string> Requests => _store.Requests;

    internal override ValueTask<IStateStore> OpenAsync() => ValueTask.FromResult<IStateStore>(_store);

    internal override ValueTask CloseAsync() => ValueTask.CompletedTask;

    internal override void Block(string request) =>
        _store.Before = (current, cancellationToken) =>
            current == request ? _unblocked.Task.WaitAsync(cancellationToken) : Task.CompletedTask;

    internal override void Unblock() => _unblocked.SetResult();
}
