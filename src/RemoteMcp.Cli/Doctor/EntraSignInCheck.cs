using System.Net.Http.Json;
using System.Text.Json;

namespace RemoteMcp.Cli.Doctor;

/// <summary>
/// Checks the sign-in at Entra ID. If the server signs clients in itself, the check reads the page to which the server sends people. If the
/// resource metadata names Entra ID, it reads the metadata of Entra ID, as clients do.
/// </summary>
internal static class EntraSignInCheck
{
    private const string Check = "Sign-in (Entra ID)";
    private const string Purpose = "the sign-in";

    public static Task<Finding> RunAsync(CheckContext context, CancellationToken cancellationToken) => context switch
    {
        { EntraPage: { } page } => ReadPageAsync(context, page, cancellationToken),
        { HasOwnSignIn: true } => Task.FromResult(new Finding(
            Verdict.Skipped, Check, "The server did not send the browser to Entra ID.", "See above.")),
        _ => ReadMetadataAsync(context, context.Issuer!, cancellationToken),
    };

    private static async Task<Finding> ReadPageAsync(CheckContext context, Uri page, CancellationToken cancellationToken)
    {
        if (await context.Origins.FindProblemAsync(page, Purpose, cancellationToken) is var (problem, remedy))
        {
            context.EntraIssuer = null;
            return new(Verdict.Skipped, Check, problem, remedy);
        }

        try
        {
            using var response = await context.Http.GetAsync(page, cancellationToken);
            var error = EntraPage.FindError(response.Headers.Location, await response.Content.ReadAsStringAsync(cancellationToken));
            if (error is not null)
            {
                return new(Verdict.Bad, Check, $"Entra ID refuses the server: {error}", EntraPage.RemedyFor(error, page));
            }
        }
        catch (Exception exception) when (CheckContext.IsUnreadable(exception, cancellationToken))
        {
            return CannotRead(page, exception);
        }

        context.CanSignInAtServer = true;
        return new(
            Verdict.Good, Check,
            $"The server sends people to {Excerpt.Of(page.GetLeftPart(UriPartial.Path))}. "
                + $"Clients with a client id of Entra ID: with a token that Entra ID issued for {Excerpt.Of(ResourceOf(context.Scope))}.");
    }

    private static async Task<Finding> ReadMetadataAsync(CheckContext context, Uri issuer, CancellationToken cancellationToken)
    {
        if (await context.Origins.FindProblemAsync(issuer, Purpose, cancellationToken) is var (problem, remedy))
        {
            return new(Verdict.Skipped, Check, problem, remedy);
        }

        var url = new Uri(issuer.ToString().TrimEnd('/') + "/.well-known/openid-configuration");
        try
        {
            var document = await context.Http.GetFromJsonAsync<JsonElement>(url, cancellationToken);
            var page = document.GetProperty("authorization_endpoint").GetString()!;
            return new(
                Verdict.Good, Check,
                $"Clients sign in at {Excerpt.Of(page)}. Every client needs a client id of Entra ID (docs/identity.md).");
        }
        catch (Exception exception) when (CheckContext.IsUnreadable(exception, cancellationToken))
        {
            return CannotRead(url, exception);
        }
        finally
        {
            context.EntraIssuer = issuer;
        }
    }

    private static Finding CannotRead(Uri url, Exception exception) => new(
        Verdict.Bad, Check, $"{Excerpt.Of(url.GetLeftPart(UriPartial.Path))} cannot be read: {Excerpt.Of(exception.Message)}",
        "Check RemoteMcp:Auth:Instance and TenantId, and whether this machine can reach the sign-in service.");

    // A scope is the identifier URI of the API and a name, such as api://CLIENT/Mcp.Use.
    private static string ResourceOf(string? scope) =>
        scope?.Split(' ')[0] is { } first && first.LastIndexOf('/') is > 0 and var end ? first[..end] : "this server";
}
