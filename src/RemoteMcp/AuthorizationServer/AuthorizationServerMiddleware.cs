using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Server.AspNetCore;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.AuthorizationServer.SignIn;
using RemoteMcp.DataProtection;
using RemoteMcp.Storage;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace RemoteMcp.AuthorizationServer;

/// <summary>Adds the authorization server to the pipeline.</summary>
internal static class AuthorizationServerMiddleware
{
    // Authorization requests have at most 4,096 characters. The consent page adds a ticket of about the same length.
    private const long MaxBodyBytes = 64 * 1024;

    /// <summary>Adds the endpoints of OpenIddict: authorization, token, keys, and metadata.</summary>
    public static IApplicationBuilder UseAuthorizationServer(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<SignInFlow>() is null)
        {
            return app;
        }

        var branch = app.New();
        branch.UseAuthentication();
        var endpoints = branch.Build();
        var ring = app.ApplicationServices.GetRequiredService<KeyRing>();
        return app.Use(next => context =>
            AuthorizationServerPaths.FindEndpoint(context.Request.Path) is { } path
                ? InvokeAsync(context, path, ring, endpoints)
                : next(context));
    }

    /// <summary>Maps the endpoints that OpenIddict does not have.</summary>
    public static IEndpointRouteBuilder MapAuthorizationServer(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SignInFlow>() is null)
        {
            return endpoints;
        }

        var services = endpoints.ServiceProvider;
        var registration = services.GetRequiredService<ClientRegistration>();
        endpoints.MapPost(AuthorizationServerPaths.Register, registration.RegisterAsync);
        endpoints.MapPost(AuthorizationServerPaths.Base + AuthorizationServerPaths.Register, registration.RegisterAsync);
        endpoints.MapGet(
            AuthorizationServerPaths.Base + AuthorizationServerPaths.Callback,
            services.GetRequiredService<CallbackEndpoint>().InvokeAsync);
        var connections = services.GetRequiredService<ConnectionsEndpoint>();
        endpoints.MapGet(AuthorizationServerPaths.Base + AuthorizationServerPaths.Connections, connections.GetAsync);
        endpoints.MapPost(AuthorizationServerPaths.Base + AuthorizationServerPaths.Connections, connections.PostAsync);
        endpoints.MapGet(
            AuthorizationServerPaths.Base + AuthorizationServerPaths.StepUp, services.GetRequiredService<StepUpEndpoint>().InvokeAsync);
        return endpoints;
    }

    /// <summary>
    /// Makes OpenIddict ignore requests that did not pass the pipeline. ASP.NET Core's builder adds the authentication middleware to the
    /// host automatically, before the pipeline has checked the host of the request. For the other requests, sets the issuer and the
    /// endpoint.
    /// </summary>
    public static ValueTask SetEndpoint(ProcessRequestContext context)
    {
        if (context.Transaction.GetHttpRequest() is { } request
            && request.HttpContext.Features.Get<MatchedEndpoint>() is { Path: var path })
        {
            var issuer = ResourceUrl.OfIssuer(request);
            (context.BaseUri, context.RequestUri) = (new Uri(issuer), new Uri(issuer + path));
        }
        else
        {
            context.SkipRequest();
        }

        return default;
    }

    private static async Task InvokeAsync(HttpContext context, string path, KeyRing ring, RequestDelegate endpoints)
    {
        var request = context.Request;
        if (request.ContentLength > MaxBodyBytes)
        {
            throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = MaxBodyBytes;
        }

        if (HttpMethods.IsPost(request.Method) && RequestForm.IsLikely(request))
        {
            try
            {
                await RequestForm.ReadAsync(request, context.RequestAborted);
            }
            catch (BadHttpRequestException exception) when (path == AuthorizationServerPaths.Token)
            {
                await OAuthError.WriteRefusedAsync(context, exception, Errors.InvalidRequest);
                return;
            }
        }

        var services = context.RequestServices;
        // The host's own authentication middleware can have created OpenIddict's handler for this request already.
        await using var scope = services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        context.Features.Set<OpenIddictServerAspNetCoreFeature>(null);
        context.Features.Set(new MatchedEndpoint(path));
        try
        {
            // OpenIddict opens codes and refresh tokens synchronously.
            await ring.ReadyAsync(context.RequestAborted);
            await endpoints(context);
        }
        catch (StateUnavailableException exception) when (path == AuthorizationServerPaths.Token && !context.Response.HasStarted)
        {
            await OAuthError.WriteUnavailableAsync(
                context, exception.RetryAfter, "The server's state storage does not answer. Try again later.");
        }
        finally
        {
            context.RequestServices = services;
        }
    }

    private sealed record MatchedEndpoint(string Path);
}
