using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>Adds to the metadata (RFC 8414) what OpenIddict does not know: how clients register, and that all of them are public.</summary>
internal sealed class MetadataHandler : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.TokenEndpointAuthenticationMethods.Clear();
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.Metadata["registration_endpoint"] = context.BaseUri!.AbsoluteUri.TrimEnd('/') + AuthorizationServerPaths.Register;
        // draft-ietf-oauth-client-id-metadata-document, section 5
        context.Metadata["client_id_metadata_document_supported"] = true;
        return default;
    }
}
