using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.FunctionsHost.Requests;

/// <summary>
/// Routes requests as the Functions host does: with classic routes in alphabetical order of the function names, each with its methods as a
/// constraint. The first match gets the request. A request without a match gets an empty 404.
/// </summary>
internal static class FunctionRoutes
{
    // The host reserves these paths. No function can use them.
    private static readonly PathString[] s_reserved = ["/admin", "/runtime"];

    public static void UseFunctions(this WebApplication app, IEnumerable<HttpFunction> functions, string prefix, FunctionInvoker invoker)
    {
        var routes = new RouteCollection();
        var constraints = app.Services.GetRequiredService<IInlineConstraintResolver>();
        foreach (var function in functions)
        {
            routes.Add(new Route(
                new RouteHandler(context => invoker.InvokeAsync(context, function)),
                function.Name,
                prefix.Length == 0 ? function.Route : prefix + "/" + function.Route,
                defaults: null,
                new Dictionary<string, object> { ["httpMethod"] = new HttpMethodRouteConstraint([.. function.Methods]) },
                dataTokens: null,
                constraints));
        }

        app.Use(static (context, next) =>
        {
            if (s_reserved.Any(path => context.Request.Path.StartsWithSegments(path)))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            }

            return next(context);
        });
        app.UseRouter(routes);
        app.Run(static context =>
        {
            // The home page of the host, which it serves if no function has the root route.
            context.Response.StatusCode = context.Request.Path == "/" ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
