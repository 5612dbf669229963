using System.Globalization;
using System.Text.Json;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using RemoteMcp.AzureClients;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Account;

/// <summary>Calls the parts of Microsoft Graph that the account tools need, through the pipeline of the Azure SDK.</summary>
internal sealed class GraphClient(IHttpClientFactory http, IOptions<AccountOptions> options, TimeProvider time)
{
    public const string HttpClientName = "Graph";

    private const int MaxRetries = 2;
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(5);

    // The time limit for all attempts and delays together.
    private static readonly TimeSpan s_totalTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_attemptTimeout = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    /// <summary>Reads the profile of the credential's user (https://learn.microsoft.com/graph/api/user-get).</summary>
    /// <exception cref="McpException">Microsoft Graph does not respond or refuses the request. The message says what to do.</exception>
    public async Task<MyProfileResult> GetMeAsync(TokenCredential credential, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_totalTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var response = await SendAsync(options.Value.ProfileUrl, credential, linked.Token);
            return Read(response);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && ServiceFailure.IsUnresponsive(exception))
        {
            throw new McpException("Microsoft Graph does not answer. Try again in a minute.", exception);
        }
    }

    private async Task<Response> SendAsync(Uri url, TokenCredential credential, CancellationToken cancellationToken)
    {
        var client = new GraphClientOptions
        {
            RetryPolicy = new ShortDelayRetryPolicy(MaxRetries, s_firstDelay, s_longestDelay),
            Retry = { NetworkTimeout = s_attemptTimeout },
            Transport = new HttpClientTransport(http.CreateClient(HttpClientName)),
        };
        // Each call has its own pipeline, because the authentication policy caches the token, which is the caller's own.
        var pipeline = HttpPipelineBuilder.Build(client, new BearerTokenAuthenticationPolicy(credential, options.Value.Scope));
        var request = pipeline.CreateRequest();
        request.Method = RequestMethod.Get;
        request.Uri.Reset(url);
        request.Headers.Add("Accept", "application/json");
        return await pipeline.SendRequestAsync(request, cancellationToken);
    }

    private static MyProfileResult Read(Response response)
    {
        if (response.Status != 200)
        {
            throw new McpException(Explain(response));
        }

        try
        {
            return response.Content.ToObjectFromJson<MyProfileResult>(s_json) is { Id: not null, UserPrincipalName: not null } profile
                ? profile
                : throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new McpException("Microsoft Graph returned a response that is not a profile. Try again. If that does not help, "
                + $"tell the server's operator to check {AccountOptions.Section}.", exception);
        }
    }

    private static string Explain(Response response) => response.Status switch
    {
        401 => "Microsoft Graph does not accept the token. Sign out of this server in your client, sign in again, and call the tool again.",
        403 => "Microsoft Graph refuses the request (403). This server's app registration needs the delegated permission User.Read of "
            + "Microsoft Graph. Ask an administrator to grant it.",
        404 => "Microsoft Graph has no profile for this account (404). Sign in to this server with another account.",
        429 or >= 500 => string.Create(CultureInfo.InvariantCulture,
            $"Microsoft Graph is busy ({response.Status}). Try again in "
                + $"{(RetryAfter.From(response) ?? TimeSpan.FromSeconds(30)).TotalSeconds:0} s."),
        _ => string.Create(CultureInfo.InvariantCulture,
            $"Microsoft Graph returned the unexpected status {response.Status}. Try again. If that does not help, tell the server's "
                + $"operator to check {AccountOptions.Section}."),
    };

    private sealed class GraphClientOptions : ClientOptions;
}
