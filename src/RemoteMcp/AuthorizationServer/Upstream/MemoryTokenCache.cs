using Microsoft.Identity.Client;

namespace RemoteMcp.AuthorizationServer.Upstream;

/// <summary>Holds the token cache of one MSAL client in memory.</summary>
internal sealed class MemoryTokenCache
{
    private MemoryTokenCache(byte[]? content) => Content = content ?? [];

    /// <summary>Gets the serialized cache.</summary>
    public byte[] Content { get; private set; }

    /// <summary>Makes a client use a cache with this content.</summary>
    public static MemoryTokenCache Attach(IConfidentialClientApplication client, byte[]? content)
    {
        var cache = new MemoryTokenCache(content);
        client.UserTokenCache.SetBeforeAccess(cache.Load);
        client.UserTokenCache.SetAfterAccess(cache.Save);
        return cache;
    }

    private void Load(TokenCacheNotificationArgs args) => args.TokenCache.DeserializeMsalV3(Content, shouldClearExistingCache: true);

    private void Save(TokenCacheNotificationArgs args)
    {
        if (args.HasStateChanged)
        {
            Content = args.TokenCache.SerializeMsalV3();
        }
    }
}
