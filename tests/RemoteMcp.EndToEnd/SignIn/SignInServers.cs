using Xunit;

namespace RemoteMcp.EndToEnd.SignIn;

/// <summary>The servers with sign-in that the tests of a class share. The first test that needs a server starts it.</summary>
public sealed class SignInServers : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<EntraServer>? _plain;
    private Task<EntraServer>? _direct;
    private Task<EntraServer>? _withUrlAsAudience;

    /// <inheritdoc cref="EntraServer.StartAsync(string, CancellationToken, string[])"/>
    internal Task<EntraServer> PlainAsync(string folder)
    {
        lock (_lock)
        {
            return _plain ??= EntraServer.StartAsync(folder, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Starts a server whose clients sign in at Entra ID directly.</summary>
    internal Task<EntraServer> DirectAsync(string folder)
    {
        lock (_lock)
        {
            return _direct ??= EntraServer.StartAsync(folder, TestContext.Current.CancellationToken, EntraServer.Direct);
        }
    }

    /// <inheritdoc cref="EntraServer.StartWithUrlAsAudienceAsync"/>
    internal Task<EntraServer> WithUrlAsAudienceAsync(string folder)
    {
        lock (_lock)
        {
            return _withUrlAsAudience ??= EntraServer.StartWithUrlAsAudienceAsync(folder, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (Task<EntraServer>?[])[_plain, _direct, _withUrlAsAudience])
        {
            if (server is { IsCompletedSuccessfully: true })
            {
                await server.Result.DisposeAsync();
            }
        }
    }
}
