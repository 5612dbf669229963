using Azure.Core;
using RemoteMcp.ManagedIdentity;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// The identities with which a tool reaches the cloud, for the clients of the Azure SDK: a parameter of this type is filled in by the
/// server and is no argument of the tool. There is no secret to configure behind either.
/// </summary>
/// <remarks>
/// Both throw <see cref="CloudAccessException"/> where there is no token. Let it pass: the server tells the user what to do about it, and
/// sends the user to the page for it where the client can show one. A credential is good for the call that it was given to.
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
    /// The server's own identity, the same for every caller: the managed identity on Azure, the developer's own sign-in (Azure CLI, Azure
    /// Developer CLI, Visual Studio …) elsewhere. What it may do, every caller of the tool may do through it.
    /// </summary>
    public TokenCredential App { get; }

    /// <summary>
    /// On behalf of the caller, with the caller's own permissions: the token of the very request that called the tool is exchanged for one
    /// of the API (OAuth 2.0 on-behalf-of). It is itself never passed on. Where callers do not sign in, the caller is the developer at this machine.
    /// Apps without a user are refused.
    /// </summary>
    public TokenCredential Caller { get; }
}
