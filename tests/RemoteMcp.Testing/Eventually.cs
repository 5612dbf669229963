using Xunit;

namespace RemoteMcp.Testing;

/// <summary>Waits for a condition that code outside the test makes true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <param name="condition">The condition to wait for.</param>
    /// <param name="within">The maximum time to wait; one minute by default.</param>
    public static Task IsTrueAsync(Func<bool> condition, TimeSpan? within = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), within);

    /// <inheritdoc cref="IsTrueAsync(Func{bool}, TimeSpan?)"/>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, TimeSpan? within = null)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(within ?? s_limit);
        while (!await condition())
        {
            await Task.Delay(10, bound.Token);
        }
    }
}
