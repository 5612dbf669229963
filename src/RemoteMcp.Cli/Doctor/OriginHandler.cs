using System.Net.Http.Headers;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Sends requests only to allowed origins, and the user's token only to the origin of the endpoint. Every request of the checks passes
/// this handler, also those of the libraries for MCP and for the sign-in. A response has a maximum length.
/// </summary>
/// <param name="isAllowed">The delegate that returns whether requests to a URL are allowed.</param>
/// <param name="context">The context with the endpoint and the token.</param>
internal sealed class OriginHandler(Func<Uri, bool> isAllowed, CheckContext context) : DelegatingHandler
{
    private const long MaxResponse = 16 * 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { } url || !isAllowed(url))
        {
            throw new HttpRequestException(request.RequestUri is { } other
                ? $"The server refers to another server, {Excerpt.Of(OriginPolicy.NameOf(other))}. Nothing was sent to it. "
                    + $"Only {OriginPolicy.Option} allows it."
                : "The request has no URL.");
        }

        if (!context.Origins.IsOwn(url))
        {
            request.Headers.Authorization = null;
        }
        else if (context.Token is { } token)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", token);
        }

        var response = await base.SendAsync(request, cancellationToken);
        var content = new StreamContent(new BoundedStream(await response.Content.ReadAsStreamAsync(cancellationToken), MaxResponse));
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        response.Content = content;
        return response;
    }
}
