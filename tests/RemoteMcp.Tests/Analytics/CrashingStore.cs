using RemoteMcp.Storage;
using RemoteMcp.Testing.Storage;

namespace RemoteMcp.Tests.Analytics;

/// <summary>Simulates a process that dies after some writes. The store applies the failing write if <c>lastIsApplied</c> is true.</summary>
internal sealed class CrashingStore(IStateStore inner, int writes, bool lastIsApplied) : DelegatingStateStore(inner)
{
    private int _left = writes;

    public bool HasCrashed => _left < 0;

    protected override async Task<T> SendAsync<T>(string operation, string table, Func<Task<T>> send, CancellationToken cancellationToken)
    {
        if (operation == "FIND" || --_left >= 0)
        {
            return await send();
        }

        if (_left == -1 && lastIsApplied)
        {
            await send();
        }

        throw new StateUnavailableException("The process died.", TimeSpan.FromSeconds(1));
    }
}
