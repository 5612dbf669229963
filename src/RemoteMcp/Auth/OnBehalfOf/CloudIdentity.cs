using Azure.Core;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Provides the identities with which a tool calls cloud services, as credentials for the clients of the Azure SDK. The server supplies a
/// tool's parameter of this type, and the parameter is not an argument of the tool. Neither identity needs a configured secret.
/// </summary>
/// <remarks>
/// Both credentials throw <see cref="CloudAccessException"/> if there is no token. Do not catch the exception: the server tells the user
/// what to do. If a web page resolves the problem and the client can open it, the server asks the user to open the page. A credential is
/// valid only for the call that received it.
/// </remarks>
/// <example>
/// <code>
/// [McpServerTool(Name = "read_report", ReadOnly = true)]
/// public async Task&lt;string&gt; ReadReport(string name, CloudIdentity cloud, CancellationToken cancellationToken)
/// {
///     var reports = new BlobContainerClient(new Uri("https://contoso.blob.core.windows.net/reports"), cloud.Caller);
///     …
/// }
/// </code>
/// </example>
public sealed class CloudIdentity
{
    internal CloudIdentity(TokenCredential app, TokenCredential caller) => (App, Caller) = (app, caller);

    /// <summary>
    /// Gets the credential of the server's own identity, which is the same for every caller. On Azure, it is the managed identity.
    /// Elsewhere, it is the developer's sign-in (Azure CLI, Azure Developer CLI, Visual Studio, and others). Through the tool, every caller
    /// uses the permissions of this identity.
    /// </summary>
    public TokenCredential App { get; }

    /// <summary>
    /// Gets a credential that acts on behalf of the caller, with the caller's permissions. The server exchanges the token of the request
    /// that called the tool for a token of the API (OAuth 2.0 on-behalf-of). It never passes the caller's token to the API. If callers do
    /// not sign in, the caller is the developer at this machine. Apps without a user are refused.
    /// </summary>
    public TokenCredential Caller { get; }
}
