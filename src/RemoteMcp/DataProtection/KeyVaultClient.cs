using System.Buffers.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using RemoteMcp.AzureClients;
using RemoteMcp.Storage;

namespace RemoteMcp.DataProtection;

/// <summary>
/// Wraps and unwraps keys with a key in Azure Key Vault, through the vault's REST API
/// (https://learn.microsoft.com/rest/api/keyvault/keys/wrap-key/wrap-key). The private key never leaves the vault.
/// </summary>
internal sealed class KeyVaultClient(IHttpClientFactory http, TokenCredential credential, TimeProvider time)
{
    /// <summary>The name of the HTTP client for requests to the vault.</summary>
    public const string HttpClientName = "KeyVault";

    /// <summary>The algorithm of the wrapped keys (RFC 7518, section 4.3).</summary>
    public const string Algorithm = "RSA-OAEP-256";

    private const string ApiVersion = "7.4";
    private const int MaxRetries = 2;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(3);

    // The timeout of one operation, with its retries.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(12);

    /// <summary>Wraps a symmetric key.</summary>
    /// <param name="key">The key of the vault. Without a version, the newest version is used.</param>
    /// <param name="content">The symmetric key.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <returns>The identifier of the key that was used, with its version, and the wrapped key.</returns>
    /// <exception cref="StateUnavailableException">The vault does not respond, or refuses the request.</exception>
    public async Task<(KeyVaultKeyId Key, byte[] Wrapped)> WrapAsync(
        KeyVaultKeyId key, byte[] content, CancellationToken cancellationToken)
    {
        if (key.Version is null)
        {
            var found = await SendAsync(
                key, RequestMethod.Get, "", null, static root => root.GetProperty("key").GetProperty("kid").GetString(), cancellationToken);
            // The answer must name a version of the same key, because the token is sent to the vault that it names.
            key = found is not null && KeyVaultKeyId.TryParse(found) is { Version: not null } newest
                && newest with { Version = null } == key
                    ? newest
                    : throw KeyVaultErrors.Unexpected(key);
        }

        return (key, await TransformAsync(key, "/wrapkey", content, cancellationToken));
    }

    /// <summary>Unwraps a symmetric key.</summary>
    /// <param name="key">The version of the key that wrapped it.</param>
    /// <param name="wrapped">The wrapped key.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="KeyUnusableException">The version was deleted or disabled, or it did not wrap this key.</exception>
    /// <exception cref="StateUnavailableException">The vault does not respond, or refuses the request.</exception>
    public Task<byte[]> UnwrapAsync(KeyVaultKeyId key, byte[] wrapped, CancellationToken cancellationToken) =>
        TransformAsync(key, "/unwrapkey", wrapped, cancellationToken);

    private Task<byte[]> TransformAsync(KeyVaultKeyId key, string operation, byte[] content, CancellationToken cancellationToken) =>
        SendAsync(
            key,
            RequestMethod.Post,
            operation,
            RequestContent.Create(BinaryData.FromObjectAsJson(new { alg = Algorithm, value = Base64Url.EncodeToString(content) })),
            static root => Base64Url.DecodeFromChars(root.GetProperty("value").GetString()),
            cancellationToken);

    private async Task<T> SendAsync<T>(
        KeyVaultKeyId key,
        RequestMethod method,
        string operation,
        RequestContent? content,
        Func<JsonElement, T> read,
        CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            var pipeline = CreatePipeline(key);
            using var request = pipeline.CreateRequest();
            request.Method = method;
            request.Uri.Reset(new Uri($"{key}{operation}"));
            request.Uri.AppendQuery("api-version", ApiVersion);
            request.Headers.Add("Accept", "application/json");
            if (content is not null)
            {
                request.Headers.Add("Content-Type", "application/json");
                request.Content = content;
            }

            using var response = await pipeline.SendRequestAsync(request, bound.Token);
            if (response.Status != 200)
            {
                throw KeyVaultErrors.Explain(key, response);
            }

            using var body = JsonDocument.Parse(response.Content);
            return read(body.RootElement);
        }
        catch (Exception exception) when (
            !cancellationToken.IsCancellationRequested && KeyVaultErrors.AsUnavailable(key, exception) is not null)
        {
            throw KeyVaultErrors.AsUnavailable(key, exception)!;
        }
    }

    private HttpPipeline CreatePipeline(KeyVaultKeyId key)
    {
        var client = new KeyVaultClientOptions
        {
            RetryPolicy = new ShortDelayRetryPolicy(MaxRetries, s_firstDelay, s_longestDelay),
            Retry = { NetworkTimeout = s_attemptTimeout },
            Transport = new HttpClientTransport(http.CreateClient(HttpClientName)),
        };
        return HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(credential, key.Scope));
    }

    private sealed class KeyVaultClientOptions : ClientOptions;
}
