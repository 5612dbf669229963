using Xunit;

namespace RemoteMcp.Tests;

/// <summary>Waits for what happens beside the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);

    /// <param name="condition">What is to become true.</param>
    /// <param name="within">For how long that is waited for; a minute by default.</param>
    public static Task IsTrueAsync(Func<bool> condition, TimeSpan? within = null) => IsTrueAsync(() => Task.FromResult(condition()), within);

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
